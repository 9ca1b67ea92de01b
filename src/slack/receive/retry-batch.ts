// `/retry-batch`: reads what was typed, plans it, and stores the plan; the thread's view posts it. Nothing is ever
// replayed from here.
import type { RespondFn, SlashCommand } from '@slack/bolt';
import type { Refusal } from '../../domain/refusal.ts';
import type { RetryRequest } from '../../domain/request.ts';
import { lookUp } from '../../engine/decide/authorize.ts';
import { type Previewed, preview } from '../../engine/plan/preview.ts';
import { notFoundNotes } from '../blocks/not-found.ts';
import { correctedRequest } from '../command/correct.ts';
import { helpText } from '../command/help.ts';
import { mistakesText } from '../command/mistakes-text.ts';
import { type Mistakes, type ParsedCommand, parseCommand } from '../command/parse-command.ts';
import { refuseChannel } from './channel.ts';
import { auditRefusal, type Delivery, handle, type SlackContext, say, withTrigger } from './context.ts';

export type CommandArguments = {
  readonly command: Pick<
    SlashCommand,
    'text' | 'team_id' | 'enterprise_id' | 'user_id' | 'channel_id' | 'channel_name' | 'trigger_id'
  >;
  readonly ack: () => Promise<void>;
  readonly respond: RespondFn;
  readonly keys: readonly string[];
};

type Asked = Extract<ParsedCommand, { kind: 'request' }>;

/** How long somebody waits before a word that the dry run is under way. */
const PATIENCE_MS = 2000;

/** Handles one `/retry-batch`. */
export async function onRetryBatch(context: SlackContext, args: CommandArguments): Promise<void> {
  const { command, ack, respond } = args;
  const keys = withTrigger(args.keys, command.trigger_id);
  const sender = { teamId: command.team_id, userId: command.user_id };
  const place = { channelId: command.channel_id };
  const origin = { teamId: command.team_id, enterpriseId: command.enterprise_id || undefined };
  const delivery: Delivery = { ack, respond, keys, origin, sender, place };
  await handle(context, delivery, 'command', async () => {
    const parsed = parseCommand(command.text ?? '', context.ports.clock.now());
    if (parsed.kind === 'help') {
      await say(context, delivery, helpText(context.ports.clock.now()));
      return null;
    }
    if (parsed.kind === 'mistakes') {
      await say(context, delivery, mistakesText(parsed));
      return null;
    }
    return plan(context, delivery, command, parsed);
  });
}

async function plan(
  context: SlackContext,
  delivery: Delivery,
  command: CommandArguments['command'],
  parsed: Asked,
): Promise<Refusal | null> {
  const { ports } = context;
  const sender = { teamId: command.team_id, userId: command.user_id };
  const person = await context.directory.person(sender, context.workspace());
  const standing = await lookUp(ports.db.autocommit, person, context.options.previewRole);
  const refusal =
    (context.options.previewRole === undefined ? person.standing : standing.refusal) ??
    (await refuseChannel(context.clients, command, context.options.channels));
  if (refusal !== null) {
    await auditRefusal(context, standing.actor, refusal, delivery.place);
    return refusal;
  }
  const place = { teamId: command.team_id, channelId: command.channel_id };
  const ask = {
    request: parsed.request,
    by: standing.actor,
    door: { kind: 'slack', place, notes: (lost: readonly string[]) => notesOn(parsed, lost) },
  } as const;
  const previewing = preview(ports, context.plan, ask);
  const previewed = await withPatience(context, delivery, previewing);
  if (previewed.kind === 'mistakes') {
    await say(context, delivery, mistakesText(asMistakes(previewed, parsed.request)));
    return null;
  }
  const refused = refusalOf(previewed);
  if (refused !== null) await auditRefusal(context, standing.actor, refused, delivery.place);
  return refused;
}

/** What was read into the command; first of all what it asked for in vain. */
function notesOn({ request, notes }: Asked, lost: readonly string[]): string[] {
  const filtered = (request.vendor_ids ?? request.ramp_uuids) !== null;
  return [...notFoundNotes(lost, request.execution_uuids?.length ?? 0, filtered), ...notes];
}

/** A dry run that takes its time says so once, so that nobody types the command again. */
async function withPatience<Result>(
  context: SlackContext,
  delivery: Delivery,
  work: Promise<Result>,
): Promise<Result> {
  const done = new AbortController();
  const waited = context.ports.clock.sleep(PATIENCE_MS, done.signal).then(async () => {
    if (!done.signal.aborted)
      await say(context, delivery, '⏳ The dry run is under way; its message follows in this channel.');
  });
  try {
    return await work;
  } finally {
    done.abort();
    await waited;
  }
}

function refusalOf(previewed: Exclude<Previewed, { kind: 'mistakes' }>): Refusal | null {
  switch (previewed.kind) {
    case 'planned':
      return null;
    case 'too_many':
      return { kind: 'plan_too_large', rows: null, limit: previewed.maxRows };
    case 'too_slow':
      return { kind: 'plan_took_too_long', seconds: previewed.timeoutSeconds };
    case 'busy':
      return { kind: 'plan_busy', whose: previewed.whose };
    case 'over_quota':
      return { ...previewed, kind: 'plan_over_quota' };
  }
}

/** What only the database could tell, such as a window that begins in the future. */
function asMistakes({ issues }: Extract<Previewed, { kind: 'mistakes' }>, request: RetryRequest): Mistakes {
  const problems = issues.map(({ path, message }) => ({ field: path, message }));
  return { kind: 'mistakes', problems, corrected: correctedRequest(request, issues) };
}
