// One window: knows its place, asks the server what is to be seen there, and again whenever something changes.
import type { PageView } from '../view/shown.ts';
import { get, post } from './api.ts';
import type { Composer } from './composer.ts';
import { byId, toast } from './dom.ts';
import { addressOf, type Place, placeInAddress } from './place.ts';
import { draw, toTheEnd } from './regions.ts';

export class SlackWindow {
  place: Place = placeInAddress();
  private readonly composer: Composer;
  private readonly title = document.title;
  private newAfter: string | undefined;
  /** The thread that is on the screen. */
  private thread = '';
  private looking: Promise<void> | undefined;
  private stale = false;
  /** This window has asked for it, and the server has not said yet that it is done. */
  private startsOver = false;

  constructor(composer: (place: () => Place) => Composer) {
    this.composer = composer(() => this.place);
    window.addEventListener('popstate', () => void this.arrive(placeInAddress()));
  }

  /** Goes somewhere, with an entry in the browser's history. Resolves when it can be seen. */
  go(change: Partial<Place>): Promise<void> {
    const next = { ...this.place, ...change };
    if (addressOf(next) === addressOf(this.place)) return Promise.resolve();
    history.pushState(null, '', addressOf(next));
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

  private arrive(next: Place): Promise<void> {
    if (next.as !== this.place.as || next.channel !== this.place.channel) this.newAfter = undefined;
    this.place = next;
    return this.refresh();
  }

  private async look(): Promise<void> {
    const asked = this.place;
    const query = new URLSearchParams(addressOf(asked));
    if (this.newAfter) query.set('newAfter', this.newAfter);
    const view = await get<PageView>(`/page/view?${query}`);
    if (asked !== this.place) return;
    const opened = this.newAfter === undefined;
    const threadOpens = asked.thread !== this.thread;
    this.thread = asked.thread;
    this.show(view);
    draw(view.regions);
    this.showModal(view.modal);
    if (opened) toTheEnd('messages');
    if (threadOpens) toTheEnd('thread');
    await this.read(view, opened);
  }

  /** Notes what was read; when a channel is opened, where the new begins is marked and stays. */
  private async read({ lastRead, latest }: PageView, opened: boolean): Promise<void> {
    const { as: user, channel } = this.place;
    if (opened) {
      this.newAfter = lastRead !== '' && latest > lastRead ? lastRead : '';
      if (this.newAfter !== '') this.stale = true;
    }
    if (latest > lastRead && document.visibilityState === 'visible')
      await post('/page/read', { user, channel, ts: latest });
  }

  private show({ channelName, canWrite, unread, threadOpen, startingOver }: PageView): void {
    const { panel } = this.place;
    close(startingOver || this.startsOver);
    document.title = `${unread > 0 ? `(${unread}) ` : ''}#${channelName} – ${this.title}`;
    this.composer.describe(`Message #${channelName}`, canWrite);
    byId('thread').hidden = !threadOpen;
    byId('app').classList.toggle('app--thread', threadOpen);
    byId('drawer').hidden = panel === '';
    for (const tab of document.querySelectorAll<HTMLElement>('[role="tab"]')) {
      const isOpen = tab.dataset.panel === panel;
      tab.ariaSelected = String(isOpen);
      tab.tabIndex = isOpen ? 0 : -1;
    }
  }

  private showModal(view: string): void {
    const dialog = byId<HTMLDialogElement>('modal');
    if (view === '' && dialog.open) dialog.close();
    if (view !== '' && !dialog.open) dialog.showModal();
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
