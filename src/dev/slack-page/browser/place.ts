// Where this window is: whose eyes, which channel, thread and drawer. Kept in the address, so that a reload, a
// second window and the back button do what one expects.

export type Place = {
  readonly as: string;
  readonly channel: string;
  readonly thread: string;
  readonly panel: string;
};

const FIELDS = ['as', 'channel', 'thread', 'panel'] as const;

/** The place in the address; a new window is the on-call engineer's. */
export function placeInAddress(): Place {
  const query = new URLSearchParams(location.search);
  const [as = '', channel = '', thread = '', panel = ''] = FIELDS.map((name) => query.get(name) ?? '');
  return { as: as || 'U0ONCALL', channel: channel || 'C0INCIDENT', thread, panel };
}

/** The address of a place. */
export function addressOf(place: Place): string {
  const query = new URLSearchParams();
  for (const name of FIELDS) if (place[name] !== '') query.set(name, place[name]);
  return `?${query}`;
}
