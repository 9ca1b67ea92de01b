// A request in words, as it was understood, and as a command to paste when it has to be asked again.
import { formatInstant } from '../../domain/instant.ts';
import type { RetryRequest } from '../../domain/request.ts';
import { counted } from './figures.ts';
import { maskSecrets } from './secrets.ts';
import { clean, inCode } from './untrusted.ts';
import type { Voice } from './voice.ts';

type Room = { readonly name: number; readonly pattern: number; readonly listed: number };

/** Every filter, one phrase each, and what is not restricted where nothing is. */
export function filterPhrases(
  request: RetryRequest,
  vendors: readonly { readonly id: number; readonly name: string }[],
  voice: Voice,
  room: Room,
): string[] {
  const phrases: string[] = [];
  if (request.execution_uuids !== null) {
    const listed = someOf(request.execution_uuids, room.listed, (uuid) => voice.quote(uuid, 36));
    phrases.push(`${counted(request.execution_uuids.length, 'hand-picked execution')}: ${listed}`);
  }
  if (request.vendor_ids !== null) {
    const nameOf = new Map(vendors.map(({ id, name }) => [id, name]));
    const listed = someOf(request.vendor_ids, room.listed, (id) => {
      const name = nameOf.get(id);
      return name === undefined ? String(id) : `${voice.quote(name, room.name)} (${id})`;
    });
    phrases.push(`${counted(request.vendor_ids.length, 'vendor')}: ${listed}`);
  }
  if (request.ramp_uuids !== null) {
    const listed = someOf(request.ramp_uuids, room.listed, (uuid) => voice.quote(uuid, 36));
    phrases.push(`${counted(request.ramp_uuids.length, 'workflow')}: ${listed}`);
  }
  if (request.error_pattern !== null) {
    phrases.push(`last error contains ${voice.quote(request.error_pattern, room.pattern)} (case counts)`);
  }
  return phrases.length > 0 ? phrases : ['none: every vendor, every workflow, every error'];
}

/**
 * The slash command that asks for the same again, as inline code; null where it would be long, or where
 * showing it safely would change it, so that pasting it would ask for something else.
 */
export function commandToRepeat(request: RetryRequest): string | null {
  const parts = ['/retry-batch'];
  if (request.since !== null) parts.push(`since=${formatInstant(request.since)}`);
  if (request.until !== null) parts.push(`until=${formatInstant(request.until)}`);
  if (request.vendor_ids !== null) parts.push(`vendor_ids=${request.vendor_ids.join(',')}`);
  if (request.ramp_uuids !== null) parts.push(`ramp_uuids=${request.ramp_uuids.join(',')}`);
  if (request.execution_uuids !== null) parts.push(`execution_uuids=${request.execution_uuids.join(',')}`);
  if (request.error_pattern !== null) {
    const pattern = request.error_pattern;
    // Quotes, backticks and markup would not survive the way into a message and back.
    if (/["'`<>&“”‘’@#]|:\/\/|www\./.test(pattern) || maskSecrets(clean(pattern)) !== pattern) return null;
    parts.push(`error_pattern="${pattern}"`);
  }
  if (!request.suppress_notifications) parts.push('suppress_notifications=off');
  if (request.force_retry) parts.push('force_retry=on');
  const command = parts.join(' ');
  return command.length <= 240 ? inCode(command) : null;
}

/** The first few, and how many more. */
export function someOf<Item>(items: readonly Item[], shown: number, say: (item: Item) => string): string {
  const head = items.slice(0, shown).map(say).join(', ');
  return items.length > shown ? `${head} and ${items.length - shown} more` : head;
}
