// Why a batch was asked for: the words of whoever asked, as data, and links to the incidents whose keys stand in them.
import type { RetryRequest } from '../../domain/request.ts';
import { plain } from '../../text/untrusted.ts';
import { linkTo } from './batch-name.ts';
import { SHOWN, type Voice } from './voice.ts';

/** As a tracker writes them: `ONRAMP-4887`. Nothing in a key can end a link or a piece of code. */
const KEY = /(?<![\p{L}\p{N}_-])[A-Z][A-Z0-9_]{1,19}-\d{1,9}(?![\p{L}\p{N}_-])/gu;

const MOST_LINKS = 3;

/**
 * The reason in one phrase, at most `max` characters of it; null where nobody gave one. `incidentUrl` is where a key leads, with
 * `{key}` in it; without one, and for the ear, there are no links.
 */
export function reasonPhrase(
  { reason }: Pick<RetryRequest, 'reason'>,
  voice: Voice,
  incidentUrl: string | null,
  max: number,
): string | null {
  if (reason === null) return null;
  const said = voice.quote(reason, max);
  if (voice !== SHOWN || incidentUrl === null) return said;
  const incidents = incidentsIn(reason, incidentUrl, max);
  const links = incidents.map(({ key, address }) => linkTo(address, key));
  if (links.length === 0) return said;
  return plain(reason, max) === incidents[0]?.key ? links.join('') : `${said} (${links.join(', ')})`;
}

/** The incidents whose keys stand in what is shown of a reason, with where they lead: a key in what was cut off or masked stays there. */
export function incidentsIn(
  reason: string,
  incidentUrl: string,
  max: number,
): readonly { readonly key: string; readonly address: string }[] {
  const keys = [...new Set(plain(reason, max).match(KEY))].slice(0, MOST_LINKS);
  return keys.map((key) => ({ key, address: incidentUrl.replaceAll('{key}', key) }));
}
