// The list of commands that opens while one types `/`, and the hint of a command that is there already.
import { get } from './api.ts';

type Command = { readonly command: string; readonly description?: string; readonly usage_hint?: string };

const commands: Promise<Command[]> = get<Command[]>('/page/commands');

const line = (css: string, text: string): HTMLElement => {
  const one = document.createElement('span');
  one.className = css;
  one.textContent = text;
  return one;
};

/** One composer's list. */
export class Completion {
  private readonly list: HTMLElement;
  private readonly hint: HTMLElement;
  private readonly field: HTMLTextAreaElement;
  private at = 0;

  constructor(list: HTMLElement, hint: HTMLElement, field: HTMLTextAreaElement) {
    this.list = list;
    this.hint = hint;
    this.field = field;
    list.addEventListener('mousedown', (event) => {
      const option = (event.target as Element).closest('[role="option"]');
      if (option) {
        event.preventDefault();
        this.take(option);
      }
    });
  }

  get isOpen(): boolean {
    return !this.list.hidden;
  }

  /** Shows what fits to what is typed. */
  async update(): Promise<void> {
    const all = await commands;
    const { value } = this.field;
    const fitting = /^\/\S*$/.test(value) ? all.filter((one) => one.command.startsWith(value)) : [];
    this.list.replaceChildren(...fitting.map((one, n) => this.option(one, n)));
    this.list.hidden = fitting.length === 0;
    this.move(0);
    const typed = all.find((one) => value.startsWith(`${one.command} `));
    this.hint.hidden = typed?.usage_hint === undefined;
    this.hint.replaceChildren(line('quiet', `${typed?.command ?? ''} `), line('', typed?.usage_hint ?? ''));
  }

  /** A key while the list is open; true where it was for the list. */
  key(event: KeyboardEvent): boolean {
    const chosen = this.list.children[this.at];
    if (!this.isOpen || !chosen) return false;
    if (event.key === 'ArrowDown') this.move(this.at + 1);
    else if (event.key === 'ArrowUp') this.move(this.at - 1);
    else if (event.key === 'Escape') this.close();
    else if (event.key === 'Tab') this.take(chosen);
    else if (event.key === 'Enter' && this.field.value !== chosen.getAttribute('data-command'))
      this.take(chosen);
    else return false;
    return true;
  }

  close(): void {
    this.list.hidden = true;
    this.hint.hidden = true;
    this.field.removeAttribute('aria-activedescendant');
  }

  private option({ command, description = '', usage_hint = '' }: Command, n: number): HTMLElement {
    const one = document.createElement('li');
    one.id = `${this.list.id}-${n}`;
    one.role = 'option';
    one.dataset.command = command;
    one.append(
      line('completion__name', command),
      line('completion__hint', usage_hint),
      line('quiet', description),
    );
    return one;
  }

  private move(to: number): void {
    const options = [...this.list.children];
    this.at = options.length === 0 ? 0 : (to + options.length) % options.length;
    for (const [n, option] of options.entries()) option.ariaSelected = String(n === this.at);
    if (options.length > 0) this.field.setAttribute('aria-activedescendant', `${this.list.id}-${this.at}`);
    else this.field.removeAttribute('aria-activedescendant');
  }

  private take(option: Element): void {
    this.field.value = `${option.getAttribute('data-command') ?? ''} `;
    this.list.hidden = true;
    void this.update();
    this.field.focus();
  }
}
