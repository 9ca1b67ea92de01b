// A batch where it is named: by the head of its id, as a link to its message where Slack has said one.
import { shortId } from '../../domain/batch.ts';
import { escapeMrkdwn } from '../../text/untrusted.ts';
import { SAID, SHOWN, type Voice } from './voice.ts';

/** Addresses of messages, by batch id. */
export type Links = Pick<ReadonlyMap<string, string>, 'get'>;

export const NO_LINKS: Links = new Map();

/**
 * What `draw` draws without addresses, and the batches that it names: whoever names one need not say so a second time for its
 * address to be looked up.
 */
export function batchesNamed<Drawn>(draw: (links: Links) => Drawn): {
  readonly drawn: Drawn;
  readonly named: readonly string[];
} {
  const named = new Set<string>();
  const noting: Links = {
    get: (batchId) => {
      named.add(batchId);
      return undefined;
    },
  };
  const drawn = draw(noting);
  return { drawn, named: [...named] };
}

/** Another batch in a message: `“3f2a9c1e”`, or a link with just that; text that is read aloud has no links. */
export function otherBatch(batchId: string, links: Links, voice: Voice): string {
  return batchName(batchId, voice === SHOWN ? links : NO_LINKS, voice);
}

/** To one person: `“3f2a9c1e”`, or a link with just that. */
export function batchName(batchId: string, links: Links, voice: Voice = SAID): string {
  return batchAt(batchId, links.get(batchId) ?? null, voice);
}

/**
 * The batch that a message of the channel is about, as a link to its page. `pagesAt` is where the pages are, null where nobody has said
 * what their address is; text that is read aloud has no links.
 */
export function pageName(batchId: string, pagesAt: string | null, voice: Voice): string {
  return batchAt(batchId, pagesAt === null || voice !== SHOWN ? null : `${pagesAt}/${batchId}`, voice);
}

/** A batch as a link to this address, and as data where there is none. */
export function batchAt(batchId: string, address: string | null, voice: Voice): string {
  return address === null ? voice.quote(shortId(batchId), 12) : linkTo(address, shortId(batchId));
}

/** A link with words of our own on it. The address is Slack's. */
export function linkTo(address: string, words: string): string {
  return `<${escapeMrkdwn(address)}|${words}>`;
}
