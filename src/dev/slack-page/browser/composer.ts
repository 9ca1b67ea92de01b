// The box one writes into: Enter sends, Shift+Enter makes a line, the arrow up edits the last message of one's own.
import { post } from './api.ts';
import { Completion } from './completion.ts';
import { attempt, byId } from './dom.ts';
import { draftOf, keepDraft } from './drafts.ts';
import { keyOf, type Place, threadKeyOf } from './place.ts';

/** A composer, of the channel or of the thread. */
export class Composer {
  private readonly field: HTMLTextAreaElement;
  private readonly completion: Completion;
  private readonly place: () => Place;
  private readonly id: 'main' | 'reply';
  private readonly note: HTMLElement;
  /** The conversation whose draft is in the box. */
  private key = '';
  /** The message that is being edited, by its time. */
  private editing = '';

  constructor(id: 'main' | 'reply', place: () => Place) {
    this.field = byId<HTMLTextAreaElement>(`${id}-text`);
    this.note = byId(`${id}-note`);
    this.completion = new Completion(byId(`${id}-completion`), byId(`${id}-hint`), this.field);
    this.place = place;
    this.id = id;
    this.field.addEventListener('input', () => this.changed());
    this.field.addEventListener('keydown', (event) => this.pressed(event));
    this.field.addEventListener('blur', () => this.completion.close());
    this.field.form?.addEventListener('submit', (event) => {
      event.preventDefault();
      void this.send();
    });
  }

  /** Says what it is for, and takes out the draft of the conversation that is open now. */
  describe(label: string): void {
    this.field.placeholder = label;
    this.field.ariaLabel = label;
    const key = this.id === 'main' ? keyOf(this.place()) : threadKeyOf(this.place());
    if (key === this.key) return;
    this.stopEditing();
    this.key = key;
    this.field.value = draftOf(key);
    this.changed();
    this.completion.close();
  }

  /** Puts a text there to be sent or changed. */
  suggest(text: string): void {
    this.field.value = text;
    this.field.focus();
    this.changed();
  }

  /** Puts a message of one's own there, to be saved instead of sent. */
  edit({ dataset }: HTMLElement): void {
    this.editing = dataset.ts ?? '';
    this.note.textContent = 'Editing a message: Enter saves, Esc leaves it as it was';
    this.suggest(dataset.mine ?? '');
  }

  private stopEditing(): void {
    if (this.editing === '') return;
    this.editing = '';
    this.note.textContent = '';
    this.field.value = '';
    this.changed();
  }

  private changed(): void {
    this.field.rows = Math.min(8, this.field.value.split('\n').length);
    if (this.key !== '' && this.editing === '') keepDraft(this.key, this.field.value);
    void this.completion.update();
  }

  private pressed(event: KeyboardEvent): void {
    if (this.completion.key(event)) event.preventDefault();
    else if (event.key === 'Enter' && !event.shiftKey && !event.isComposing) {
      event.preventDefault();
      void this.send();
    } else if (event.key === 'Escape' && this.editing !== '') {
      event.preventDefault();
      this.stopEditing();
    } else if (event.key === 'ArrowUp' && this.field.value === '') {
      const region = this.id === 'main' ? '#messages' : '#replies';
      const mine = [...document.querySelectorAll<HTMLElement>(`${region} .msg[data-mine]`)].at(-1);
      if (!mine) return;
      event.preventDefault();
      this.edit(mine);
    }
  }

  private async send(): Promise<void> {
    const text = this.field.value.trim();
    if (text === '') return;
    const ts = this.editing;
    this.editing = '';
    this.note.textContent = '';
    this.field.value = '';
    this.changed();
    this.completion.close();
    await attempt(() => (ts === '' ? this.deliver(text) : this.save(ts, text)));
  }

  private save(ts: string, text: string): Promise<unknown> {
    const { as: user, channel } = this.place();
    return post('/human/edit', { user, channel, ts, text });
  }

  private async deliver(text: string): Promise<void> {
    const { as: user, channel, thread } = this.place();
    const place = { user, channel, ...(this.id === 'reply' ? { threadTs: thread } : {}) };
    const [, command, rest = ''] = /^(\/\S+)\s*([\s\S]*)$/.exec(text) ?? [];
    if (command) await post('/human/command', { ...place, command, text: rest });
    else await post('/human/say', { ...place, text });
  }
}
