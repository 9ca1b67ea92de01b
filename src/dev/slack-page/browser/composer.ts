// The box one writes into: Enter sends, Shift+Enter makes a line, the arrow up brings back what was sent last.
import { post } from './api.ts';
import { Completion } from './completion.ts';
import { attempt, byId } from './dom.ts';
import type { Place } from './place.ts';

/** A composer, of the channel or of the thread. */
export class Composer {
  private readonly field: HTMLTextAreaElement;
  private readonly completion: Completion;
  private readonly place: () => Place;
  private readonly inThread: boolean;
  private last = '';

  constructor(id: 'main' | 'reply', place: () => Place) {
    this.field = byId<HTMLTextAreaElement>(`${id}-text`);
    this.completion = new Completion(byId(`${id}-completion`), byId(`${id}-hint`), this.field);
    this.place = place;
    this.inThread = id === 'reply';
    this.field.addEventListener('input', () => this.changed());
    this.field.addEventListener('keydown', (event) => this.key(event));
    this.field.addEventListener('blur', () => this.completion.close());
    this.field.form?.addEventListener('submit', (event) => {
      event.preventDefault();
      void this.send();
    });
  }

  /** Says what it is for, and whether one may write here. */
  describe(label: string, canWrite: boolean): void {
    this.field.placeholder = canWrite ? label : `You can't write here: ${label}`;
    this.field.ariaLabel = this.field.placeholder;
  }

  /** Puts a text there to be sent or changed. */
  suggest(text: string): void {
    this.field.value = text;
    this.field.focus();
    this.changed();
  }

  private changed(): void {
    this.field.rows = Math.min(8, this.field.value.split('\n').length);
    void this.completion.update();
  }

  private key(event: KeyboardEvent): void {
    if (this.completion.key(event)) event.preventDefault();
    else if (event.key === 'Enter' && !event.shiftKey && !event.isComposing) {
      event.preventDefault();
      void this.send();
    } else if (event.key === 'ArrowUp' && this.field.value === '' && this.last !== '') {
      event.preventDefault();
      this.suggest(this.last);
    }
  }

  private async send(): Promise<void> {
    const text = this.field.value.trim();
    if (text === '') return;
    this.field.value = '';
    this.last = text;
    this.changed();
    this.completion.close();
    await attempt(() => this.deliver(text));
  }

  private async deliver(text: string): Promise<void> {
    const { as: user, channel, thread } = this.place();
    const place = { user, channel, ...(this.inThread ? { threadTs: thread } : {}) };
    const [, command, rest = ''] = /^(\/\S+)\s*([\s\S]*)$/.exec(text) ?? [];
    if (command) await post('/human/command', { ...place, command, text: rest });
    else await post('/human/say', { ...place, text });
  }
}
