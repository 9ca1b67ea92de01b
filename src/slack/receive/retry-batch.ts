// `/retry-batch`: reads what was typed and asks for it. Nothing is ever replayed from here.
import type { RespondFn, SlashCommand } from '@slack/bolt';
import type { Actor } from '../../domain/person.ts';
import type { Refusal } from '../../domain/refusal.ts';
import { customersNamed } from '../../store/customers.ts';
import { asTyped } from '../command/as-typed.ts';
import { customersIn } from '../command/customers.ts';
import { helpText } from '../command/help.ts';
import { readOwnWord } from '../command/own-words.ts';
import { namesIn, type ParsedCommand, parseCommand } from '../command/parse-command.ts';
import { admit, ask } from './ask.ts';
import { type Delivery, handle, type SlackContext, say, withTrigger } from './context.ts';
import { halt } from './halt.ts';
import { mistakesOf } from './mistakes.ts';
import { openModal } from './open-modal.ts';
import { offerCorrection, offerReading } from './reading.ts';
import { status } from './status.ts';

export type CommandArguments = {
  readonly command: Pick<
    SlashCommand,
    'text' | 'team_id' | 'enterprise_id' | 'user_id' | 'channel_id' | 'channel_name' | 'trigger_id'
  >;
  readonly ack: () => Promise<void>;
  readonly respond: RespondFn;
  readonly keys: readonly string[];
};

/** Handles one `/retry-batch`. */
export async function onRetryBatch(context: SlackContext, args: CommandArguments): Promise<void> {
  const { command, ack, respond } = args;
  const keys = withTrigger(args.keys, command.trigger_id);
  const sender = { teamId: command.team_id, userId: command.user_id };
  const place = { channelId: command.channel_id };
  const origin = { teamId: command.team_id, enterpriseId: command.enterprise_id || undefined };
  const delivery: Delivery = { ack, respond, keys, triggerId: command.trigger_id, origin, sender, place };
  await handle(context, delivery, 'command', async () => {
    // Nothing behind the command: the form, and the help where it can't be opened.
    if (asTyped(command.text ?? '') === '')
      return openModal(context, delivery, {
        sender,
        request: {},
        channel: command,
        teamId: command.team_id,
      });
    const own = readOwnWord(command.text ?? '');
    if (own?.kind === 'status') return status(context, delivery, sender);
    if (own?.kind === 'halt') return halt(context, delivery, sender, own.say);
    const { parsed, admitted } = await read(context, delivery, command);
    switch (parsed.kind) {
      case 'refused':
        return parsed.refusal;
      case 'help':
        await say(context, delivery, helpText(context.ports.clock.now()));
        return null;
      case 'mistakes':
        await offerCorrection(context, delivery, sender, parsed);
        return null;
      case 'reading':
        await offerReading(context, delivery, sender, parsed);
        return null;
      case 'request': {
        const { request, notes } = parsed;
        return ask(context, delivery, {
          request,
          notes,
          sender,
          teamId: command.team_id,
          channel: command,
          admitted,
          mistakes: (issues) => mistakesOf(request, issues),
        });
      }
    }
  });
}

type Read = {
  readonly parsed: ParsedCommand | { readonly kind: 'refused'; readonly refusal: Refusal };
  /** Who may ask for it, where that had to be known for reading it. */
  readonly admitted?: Actor;
};

/** Reads the command. Who may not ask for a dry run is not told which customers there are. */
async function read(
  context: SlackContext,
  delivery: Delivery,
  command: CommandArguments['command'],
): Promise<Read> {
  const text = command.text ?? '';
  const now = context.ports.clock.now();
  const names = namesIn(text, now).slice(0, MOST_NAMES);
  if (names.length === 0) return { parsed: parseCommand(text, now) };
  const sender = { teamId: command.team_id, userId: command.user_id };
  const { actor, refusal } = await admit(context, delivery, { sender, channel: command });
  if (refusal !== null) return { parsed: { kind: 'refused', refusal } };
  const found = await customersNamed(context.ports.db.autocommit, names);
  return { parsed: parseCommand(text, now, customersIn(found)), admitted: actor };
}

/** More names than anybody types are not looked up, and stay mistakes. */
const MOST_NAMES = 50;
