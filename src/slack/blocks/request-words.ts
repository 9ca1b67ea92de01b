// A request in words, as it was understood, and as a command to paste when it has to be asked again.
import type { RetryRequest } from '../../domain/request.ts';
import { andMore } from '../../text/listed.ts';
import { escapeMrkdwn, inCode, plain } from '../../text/untrusted.ts';
import { printCommand } from '../command/print-command.ts';
import { type Links, NO_LINKS, otherBatch } from './batch-name.ts';
import { counted } from './figures.ts';
import type { Voice } from './voice.ts';

const LONGEST_COMMAND = 240;

type Room = { readonly name: number; readonly pattern: number; readonly listed: number };

/** Every filter, one phrase each, and what is not restricted where nothing is. */
export function filterPhrases(
  request: RetryRequest,
  vendors: readonly { readonly id: number; readonly name: string }[],
  voice: Voice,
  room: Room,
  links: Links = NO_LINKS,
): string[] {
  const phrases: string[] = [];
  if (request.execution_uuids !== null) {
    const listed = someOf(request.execution_uuids, room.listed, (uuid) => voice.quote(uuid, 36));
    phrases.push(`${counted(request.execution_uuids.length, 'hand-picked execution')}: ${listed}`);
  }
  if (request.rest_of !== null) {
    phrases.push(`what batch ${otherBatch(request.rest_of, links, voice)} left`);
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
  const command = printCommand(request);
  const escaped = escapeMrkdwn(command);
  const code = inCode(escaped);
  // Masked, cut or marked text is not what was asked; bait for links and mentions is not put into a text.
  const isSame = plain(command, LONGEST_COMMAND) === command && code === `\`${escaped}\``;
  return isSame && !/[@#]|:\/\/|www\./.test(command) ? code : null;
}

/** The first few, and how many more. */
export function someOf<Item>(items: readonly Item[], shown: number, say: (item: Item) => string): string {
  return andMore(items.slice(0, shown).map(say), items.length - shown);
}
