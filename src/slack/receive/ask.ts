// A dry run that somebody in Slack asks for, by command or by button: who and where is looked at, then it is planned and
// stored; the thread's view posts it. Nothing is ever replayed from here.
import type { Actor } from '../../domain/person.ts';
import type { Refusal } from '../../domain/refusal.ts';
import type { RequestIssue, RetryRequest } from '../../domain/request.ts';
import type { Findings, FormDraft, Planned, Previewed } from '../../engine/plan/ask.ts';
import { preview } from '../../engine/plan/preview.ts';
import { thisChannel } from '../blocks/channel-name.ts';
import type { Message } from '../blocks/message.ts';
import { notFoundNotes, onlyMessages } from '../blocks/not-found.ts';
import { nothingMatchesMessage } from '../blocks/nothing-matches.ts';
import type { CommandPlace } from './channel.ts';
import { auditRefusal, type Delivery, hereOf, type SlackContext, say } from './context.ts';
import { whoAsks } from './may-ask.ts';
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
  /** Of a form: of the same form no second one is made. */
  readonly draft?: FormDraft;
  /** The reading that this is: it is used up by the dry run. */
  readonly readingId?: string;
  /** Who asks, where what was typed had to be admitted before it was read; left out, that is looked at now. */
  readonly admitted?: Actor | undefined;
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
  const { request, teamId, channel, once = false, draft, readingId } = asked;
  const { actor, refusal } = asked.admitted
    ? { actor: asked.admitted, refusal: null }
    : await admit(context, delivery, asked);
  if (refusal !== null) return refusal;
  const place = { teamId, channelId: channel.channel_id };
  const notes = (findings: Findings) => notesOn(asked, findings);
  const door = {
    kind: 'slack',
    place,
    notes,
    once,
    ...(draft === undefined ? {} : { draft }),
    ...(readingId === undefined ? {} : { readingId }),
  } as const;
  const previewing = preview(ports, context.plan, { request, by: actor, door });
  const previewed = await withPatience(context, delivery, place.channelId, previewing);
  if (previewed.kind === 'mistakes') {
    await say(context, delivery, asked.mistakes(previewed.issues));
    return null;
  }
  if (previewed.kind === 'planned') {
    if (previewed.batch.slack === null) await say(context, delivery, nothingMatches(previewed, asked));
    return null;
  }
  const refused = refusalOf(previewed, place.channelId, draft !== undefined);
  await auditRefusal(context, actor, refused, delivery.place);
  return refused;
}

/** Who asks, and why they may not there; `channel` null: wherever it is. A refusal is in the audit trail already. */
export async function admit(
  context: SlackContext,
  delivery: Delivery,
  { sender, channel }: { readonly sender: Sender; readonly channel: CommandPlace | null },
): Promise<{ readonly actor: Actor; readonly refusal: Refusal | null }> {
  const { actor, refusal } = await whoAsks(context, sender, channel);
  if (refusal !== null) await auditRefusal(context, actor, refusal, delivery.place);
  return { actor, refusal };
}

/** Nothing of it stands in the channel. */
function nothingMatches({ batch, notFound, around }: Planned, asked: AskedInSlack): Message {
  const notes = notesOn(asked, { notFound, ofType: 0 });
  return nothingMatchesMessage({ batch, around, notes });
}

/** What was read into the command; first of all what it asked for in vain. */
function notesOn({ request, notes }: AskedInSlack, { notFound, ofType }: Findings): string[] {
  const filtered = (request.vendor_ids ?? request.ramp_uuids) !== null;
  const asked = request.rest_of === null ? (request.execution_uuids?.length ?? 0) : null;
  const type =
    ofType > 0 && request.error_pattern !== null ? [onlyMessages(request.error_pattern, ofType)] : [];
  return [...notFoundNotes(notFound, asked, filtered), ...type, ...notes];
}

/** A dry run that takes its time says so once, so that nobody asks for it again. */
async function withPatience<Result>(
  context: SlackContext,
  delivery: Delivery,
  channelId: string,
  work: Promise<Result>,
): Promise<Result> {
  const done = new AbortController();
  const waited = context.ports.clock.sleep(PATIENCE_MS, done.signal).then(async () => {
    if (done.signal.aborted) return;
    const where = thisChannel(channelId, hereOf(delivery));
    await say(context, delivery, `⏳ The dry run is under way; its message follows in ${where}.`);
  });
  try {
    return await work;
  } finally {
    done.abort();
    await waited;
  }
}

function refusalOf(
  previewed: Exclude<Previewed, { kind: 'mistakes' | 'planned' }>,
  channelId: string,
  isForm: boolean,
): Refusal {
  switch (previewed.kind) {
    case 'too_many':
      return { kind: 'plan_too_large', rows: null, limit: previewed.maxRows };
    case 'too_slow':
      return { kind: 'plan_took_too_long', seconds: previewed.timeoutSeconds };
    case 'busy':
      return { kind: 'plan_busy', whose: previewed.whose };
    case 'asked_already':
      return isForm
        ? { kind: 'form_sent', batchId: previewed.batchId }
        : { kind: 'rest_asked', batchId: previewed.batchId, channelId };
    case 'reading_used':
      return { kind: 'reading_used', batchId: null };
    case 'over_quota':
      return { ...previewed, kind: 'plan_over_quota' };
  }
}
