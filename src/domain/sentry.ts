// What Sentry says of an issue, and what it is asked: evidence of whether the fix is live, never a reason to replay.

/** Which issue is asked about, and since when its events count. */
export type SentryQuestion = {
  /** What somebody named, as `readIssueName` gives it: a short id or the issue's address; null where nobody did. */
  readonly named: string | null;
  /** The largest error group of the plan; null where it has none with a type. */
  readonly group: GroupOfSentry | null;
  /** ISO 8601, UTC. */
  readonly since: string;
};

/** An error group in two parts: the type, and the message with its variable parts replaced. */
export type GroupOfSentry = { readonly errorType: string; readonly message: string };

/** What it answered; `shortId` and `url` are the adapter's own making, `why` is for people. Nothing else of it is kept. */
export type SentryAnswer =
  | {
      readonly kind: 'told';
      readonly shortId: string;
      readonly url: string;
      /** Whether somebody named it: only then can it say that the fix is not live. */
      readonly named: boolean;
      /** ISO 8601, UTC; null where the issue has no event any more. */
      readonly lastEventAt: string | null;
      /** Events since then; `more` where there may be further ones behind the first page. */
      readonly since: string;
      readonly events: number;
      readonly more: boolean;
      /** How many other issues would have fitted. */
      readonly others: number;
      /** When it was asked, ISO 8601. */
      readonly askedAt: string;
    }
  /** No issue of these projects fits the group. */
  | { readonly kind: 'none' }
  /** `why` is for people: `401, the token is not valid`. */
  | { readonly kind: 'not_asked'; readonly why: string };

/** As Sentry has it: the project, and a number in letters and digits behind the last dash. */
export const SHORT_ID = /^[A-Z0-9][A-Z0-9._-]{0,99}-[A-Z0-9]{1,12}$/;
const ADDRESS = /^(?<head>(?:\/[a-z0-9._-]+){0,3}\/issues\/)(?<id>[a-z0-9._-]+)(?:\/|$)/i;
const LONGEST = 500;

/** What was read of an issue's name; the host and the organisation of an address are its adapter's to judge. */
export type IssueName =
  | { readonly kind: 'short_id'; readonly shortId: string }
  | { readonly kind: 'address'; readonly address: URL; readonly head: string; readonly id: string };

/** Reads `ONRAMP-4F2` in whatever letters, or an issue's address; null for anything else. */
export function readIssueName(text: string): IssueName | null {
  const shortId = text.trim().toUpperCase();
  if (SHORT_ID.test(shortId)) return { kind: 'short_id', shortId };
  if (text.length > LONGEST || !URL.canParse(text.trim())) return null;
  const address = new URL(text.trim());
  const { protocol, username, password, pathname } = address;
  if (!/^https?:$/.test(protocol) || username !== '' || password !== '') return null;
  const { head, id = '' } = ADDRESS.exec(pathname)?.groups ?? {};
  const isId = /^\d{1,20}$/.test(id) || SHORT_ID.test(id.toUpperCase());
  return head === undefined || !isId ? null : { kind: 'address', address, head, id: id.toUpperCase() };
}

/** The same name in its plainest form, which reads back as itself: nothing of an address but where the issue is. */
export function printIssueName(name: IssueName): string {
  return name.kind === 'short_id' ? name.shortId : `${name.address.origin}${name.head}${name.id}/`;
}

/** An error group (`Type: message`) in its two parts; null where it begins with no type. */
export function groupOfSentry(group: string): GroupOfSentry | null {
  const { errorType, message = '' } =
    /^(?<errorType>[\p{L}_$][\p{L}\p{N}_$.]*)(?:: (?<message>[\s\S]*))?$/u.exec(group)?.groups ?? {};
  return errorType === undefined ? null : { errorType, message };
}

/** What the error group's function puts in place of what varies, also where the group was cut in the middle of one. */
const VARIABLE = /<(?:email|uuid|value|hex|n)>|<[a-z]{0,5}$/;
/** Sentry cuts what is longer than 1024 characters, and ends it so. */
const CUT = /^[\s\S]{1000,}(?:\.\.\.|…)$/;

/** Whether `text` has the literal parts of a group's message, in their order. */
export function hasParts(text: string, message: string): boolean {
  let from = 0;
  for (const part of message.split(VARIABLE).map((one) => one.trim())) {
    const at = text.indexOf(part, from);
    if (at < 0) return CUT.test(text) && from > 0;
    from = at + part.length;
  }
  return true;
}

/** Events take their time: so long after the end of a run they are asked for. */
export const SENTRY_AFTER_SECONDS = 120;
