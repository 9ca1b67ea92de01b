// A batch where it is named to one person: by the head of its id, as a link to its message where Slack has said one.
import { shortId } from '../../domain/batch.ts';
import { escapeMrkdwn } from '../../text/untrusted.ts';
import { SAID, SHOWN, type Voice } from './voice.ts';

/** Addresses of messages, by batch id. */
export type Links = ReadonlyMap<string, string>;

export const NO_LINKS: Links = new Map();

/** `“3f2a9c1e”`, or a link with just that. */
export function batchName(batchId: string, links: Links, voice: Voice = SAID): string {
  const link = links.get(batchId);
  return link === undefined ? voice.quote(shortId(batchId), 12) : linkTo(link, shortId(batchId));
}

/**
 * The same in the channel's messages, as a link to the batch's page. `pagesAt` is where the pages are, null where nobody has said
 * what their address is; text that is read aloud has no links.
 */
export function pageName(batchId: string, pagesAt: string | null, voice: Voice): string {
  if (pagesAt === null || voice !== SHOWN) return voice.quote(shortId(batchId), 12);
  return linkTo(`${pagesAt}/${batchId}`, shortId(batchId));
}

/** A link with words of our own on it. The address is Slack's. */
export function linkTo(address: string, words: string): string {
  return `<${escapeMrkdwn(address)}|${words}>`;
}
