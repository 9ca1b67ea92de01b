// Where this window is: whose eyes, which channel, thread and drawer. Kept in the address, so that a reload, a
// second window and the back button do what one expects.

export type Place = {
  readonly as: string;
  readonly channel: string;
  readonly thread: string;
  readonly panel: string;
  /** Of the app's own conversation: `home` or `messages`. */
  readonly tab: string;
  /** A message to be looked at, by its time. */
  readonly at: string;
};

const FIELDS = ['as', 'channel', 'thread', 'panel', 'tab', 'at'] as const;

/** The place in the address; a new window is the last person's or, at first, the on-call engineer's. */
export function placeInAddress(): Place {
  const query = new URLSearchParams(location.search);
  const [as = '', channel = '', thread = '', panel = '', tab = '', at = ''] = FIELDS.map(
    (name) => query.get(name) ?? '',
  );
  const person = as || localStorage.getItem('as') || 'U0ONCALL';
  return { as: person, channel: channel || 'C0INCIDENT', thread, panel, tab, at };
}

/** The address of a place. */
export function addressOf(place: Place): string {
  const query = new URLSearchParams();
  for (const name of FIELDS) if (place[name] !== '') query.set(name, place[name]);
  return `?${query}`;
}

/** What a change leads to: another channel has no tab and no thread's message to look at. */
export function changed(place: Place, change: Partial<Place>): Place {
  const elsewhere = change.channel !== undefined || change.as !== undefined;
  return { ...place, at: '', ...(elsewhere ? { tab: '' } : {}), ...change };
}

/** A conversation of one person: what is remembered of it, its scroll place for example, goes by this. */
export const keyOf = ({ as, channel, tab }: Place): string => `${as} ${channel} ${tab}`;
export const threadKeyOf = (place: Place): string =>
  place.thread === '' ? '' : `${place.as} ${place.channel} ${place.thread}`;

const PERMALINK = /^\/archives\/([A-Z0-9]+)\/p(\d+)(\d{6})$/;

/** The place that a message's address leads to; undefined where it is none of this Slack. */
export function placeOfLink(href: string): Partial<Place> | undefined {
  const url = new URL(href, location.href);
  const isHere = url.port === location.port && /^(127\.0\.0\.1|localhost)$/.test(url.hostname);
  const [, channel, seconds, micros] = (isHere && PERMALINK.exec(url.pathname)) || [];
  if (channel === undefined) return undefined;
  return { channel, thread: url.searchParams.get('thread_ts') ?? '', at: `${seconds}.${micros}` };
}
