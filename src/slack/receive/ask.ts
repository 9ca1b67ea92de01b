// A dry run that somebody in Slack asks for, by command or by button: who and where is looked at, then it is planned and
// stored; the thread's view posts it. Nothing is ever replayed from here.
import type { Refusal } from '../../domain/refusal.ts';
import type { RequestIssue, RetryRequest } from '../../domain/request.ts';
import { lookUp } from '../../engine/decide/authorize.ts';
import type { Previewed } from '../../engine/plan/ask.ts';
import { preview } from '../../engine/plan/preview.ts';
import { notFoundNotes } from '../blocks/not-found.ts';
import { type CommandPlace, refuseChannel } from './channel.ts';
import { auditRefusal, type Delivery, type SlackContext, say } from './context.ts';
import type { Sender } from './organisation.ts';

export type AskedInSlack = {
  readonly request: RetryRequest;
  /** What was read into it, for its message. */
  readonly notes: readonly string[];
  readonly sender: Sender;
  /** Where it is to be posted. */
  readonly teamId: string;
  readonly channel: CommandPlace;
  /** Of a button: where the same is asked for there already, no second one is made. */
  readonly once?: boolean;
  /** What whoever asks is told of mistakes that only the database could find. */
  readonly mistakes: (issues: readonly RequestIssue[]) => string;
};

/** How long somebody waits before a word that the dry run is under way. */
const PATIENCE_MS = 2000;

/** Plans and stores it; why not, where it is refused. Mistakes are said privately at once. */
export async function ask(
  context: SlackContext,
  delivery: Delivery,
  asked: AskedInSlack,
): Promise<Refusal | null> {
  const { ports } = context;
  const { request, teamId, channel, once = false } = asked;
  const person = await context.directory.person(asked.sender, context.workspace());
  const standing = await lookUp(ports.db.autocommit, person, context.options.previewRole);
  const refusal =
    (context.options.previewRole === undefined ? person.standing : standing.refusal) ??
    (await refuseChannel(context.clients, channel, context.options.channels));
  if (refusal !== null) {
    await auditRefusal(context, standing.actor, refusal, delivery.place);
    return refusal;
  }
  const place = { teamId, channelId: channel.channel_id };
  const notes = (lost: readonly string[]) => notesOn(asked, lost);
  const door = { kind: 'slack', place, notes, once } as const;
  const previewing = preview(ports, context.plan, { request, by: standing.actor, door });
  const previewed = await withPatience(context, delivery, previewing);
  if (previewed.kind === 'mistakes') {
    await say(context, delivery, asked.mistakes(previewed.issues));
    return null;
  }
  const refused = refusalOf(previewed);
  if (refused !== null) await auditRefusal(context, standing.actor, refused, delivery.place);
  return refused;
}

/** What was read into the command; first of all what it asked for in vain. */
function notesOn({ request, notes }: AskedInSlack, lost: readonly string[]): string[] {
  const filtered = (request.vendor_ids ?? request.ramp_uuids) !== null;
  const asked = request.rest_of === null ? (request.execution_uuids?.length ?? 0) : null;
  return [...notFoundNotes(lost, asked, filtered), ...notes];
}

/** A dry run that takes its time says so once, so that nobody asks for it again. */
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
    case 'asked_already':
      return { kind: 'rest_asked', batchId: previewed.batchId };
    case 'over_quota':
      return { ...previewed, kind: 'plan_over_quota' };
  }
}
