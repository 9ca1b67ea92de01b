// One window: knows its place, asks the server what is to be seen there, and again whenever something changes.
import type { PageView } from '../view/shown.ts';
import { get, post } from './api.ts';
import type { Composer } from './composer.ts';
import { byId, toast } from './dom.ts';
import { markDrafts } from './drafts.ts';
import { showModal } from './modal.ts';
import { addressOf, changed, keyOf, type Place, placeInAddress, threadKeyOf } from './place.ts';
import { draw } from './regions.ts';
import { comeTo, leave, reveal } from './scroll.ts';

type Composers = { readonly main: Composer; readonly reply: Composer };

/** What had been read when a conversation was opened: the mark of what is new stands after it. `''`: nothing new. */
type NewAfter = string | undefined;

const newAfterOf = ({ lastRead, latest }: { lastRead: string; latest: string }): string =>
  lastRead !== '' && latest > lastRead ? lastRead : '';

export class SlackWindow {
  place: Place = placeInAddress();
  private readonly composers: Composers;
  private readonly title = document.title;
  private newAfter: NewAfter;
  private threadNewAfter: NewAfter;
  /** Conversations that have just been come to. */
  private arrives = { main: true, thread: true };
  private looking: Promise<void> | undefined;
  private stale = false;
  /** This window has asked for it, and the server has not said yet that it is done. */
  private startsOver = false;

  constructor(composers: (place: () => Place) => Composers) {
    this.composers = composers(() => this.place);
    window.addEventListener('popstate', () => void this.arrive(placeInAddress()));
  }

  /** Goes somewhere, with an entry in the browser's history. Resolves when it can be seen. */
  go(change: Partial<Place>): Promise<void> {
    const next = changed(this.place, change);
    if (addressOf(next) !== addressOf(this.place)) history.pushState(null, '', addressOf(next));
    else if (next.at === '') return Promise.resolve();
    return this.arrive(next);
  }

  /** Looks again. Calls while it looks are answered by one more look. */
  refresh(): Promise<void> {
    this.stale = true;
    this.looking ??= this.lookUntilFresh().finally(() => {
      this.looking = undefined;
    });
    return this.looking;
  }

  /** Takes nothing while `work` starts the incident over, whoever would meet it; then shows what there is. */
  async startOver(work: () => Promise<void>): Promise<void> {
    this.startsOver = true;
    close(true);
    await work();
    this.startsOver = false;
    await this.go({ thread: '' });
    await this.refresh();
  }

  private async lookUntilFresh(): Promise<void> {
    try {
      while (this.stale) {
        this.stale = false;
        await this.look();
      }
    } catch (error) {
      toast(error instanceof Error ? error.message : String(error));
    }
  }

  private async arrive(next: Place): Promise<void> {
    const last = this.place;
    const main = keyOf(next) !== keyOf(last);
    const thread = threadKeyOf(next) !== threadKeyOf(last);
    if (main) leave(byId('messages'), keyOf(last));
    if (thread) leave(byId('replies'), threadKeyOf(last));
    if (main) this.newAfter = undefined;
    if (thread) this.threadNewAfter = undefined;
    this.arrives = { main: main || this.arrives.main, thread: thread || this.arrives.thread };
    this.place = next;
    localStorage.setItem('as', next.as);
    await this.refresh();
    if (this.place === next && !main && !thread) this.lookAt(next);
  }

  private lookAt({ at, thread }: Place): void {
    if (at === '') return;
    if (!reveal(byId(thread === '' ? 'messages' : 'replies'), at))
      toast('This message is not here any more.');
  }

  private async look(): Promise<void> {
    const asked = this.place;
    const query = new URLSearchParams(addressOf(asked));
    if (this.newAfter) query.set('newAfter', this.newAfter);
    if (this.threadNewAfter) query.set('threadNewAfter', this.threadNewAfter);
    const view = await get<PageView>(`/page/view?${query}`);
    if (asked !== this.place) return;
    draw(view.regions, () => this.show(view));
    markDrafts(asked.as, view.channel);
    showModal(view.modal);
    this.settle(view);
    await this.read(view);
  }

  /** At an arrival: where one was, or where the new begins, which is marked from the next look on and stays. */
  private settle(view: PageView): void {
    const { arrives } = this;
    const marked = { main: this.newAfter !== undefined, thread: this.threadNewAfter !== undefined };
    if (arrives.main) comeTo(byId('messages'), keyOf(this.place), marked.main);
    if (arrives.thread) comeTo(byId('replies'), threadKeyOf(this.place), marked.thread);
    this.newAfter ??= newAfterOf(view);
    this.threadNewAfter ??= newAfterOf(view.thread);
    this.arrives = {
      main: arrives.main && !marked.main && this.newAfter !== '',
      thread: arrives.thread && !marked.thread && this.threadNewAfter !== '',
    };
    if (this.arrives.main || this.arrives.thread) this.stale = true;
    else if (arrives.main || arrives.thread) this.lookAt(this.place);
  }

  private async read({ channel, latest, lastRead, thread: replies }: PageView): Promise<void> {
    const { as: user, thread } = this.place;
    if (document.visibilityState !== 'visible') return;
    if (latest > lastRead) await post('/page/read', { user, channel, ts: latest });
    if (replies.latest > replies.lastRead)
      await post('/page/read', { user, channel, thread, ts: replies.latest });
  }

  private show(view: PageView): void {
    const { panel } = this.place;
    close(view.startingOver || this.startsOver);
    document.title = `${view.unread > 0 ? `(${view.unread}) ` : ''}${view.channelName} – ${this.title}`;
    this.composers.main.describe(view.composer);
    this.composers.reply.describe('Reply…');
    byId('main-composer').hidden = view.isHome;
    byId('messages').classList.toggle('scroller--home', view.isHome);
    byId('thread').hidden = !view.threadOpen;
    byId('app').classList.toggle('app--thread', view.threadOpen);
    byId('drawer').hidden = panel === '';
    for (const tab of document.querySelectorAll<HTMLElement>('.drawer [role="tab"]')) {
      const isOpen = tab.dataset.panel === panel;
      tab.ariaSelected = String(isOpen);
      tab.tabIndex = isOpen ? 0 : -1;
    }
  }
}

/** Shows that the incident is being started over, and takes nothing; or takes everything again. */
function close(closed: boolean): void {
  for (const id of ['app', 'drawer']) byId(id).inert = closed;
  for (const field of document.querySelectorAll<HTMLButtonElement | HTMLTextAreaElement>(
    '.composer :is(textarea, button)',
  ))
    field.disabled = closed;
  byId('starting-over').textContent = closed ? 'Starting over: one moment…' : '';
}
