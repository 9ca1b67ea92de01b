// What a dialog says before it is confirmed: counts, side effects, and whether the brake holds it. Nobody confirms what stands
// beyond Slack's limit, so it is said in fewer words before anything is cut.
import { type Batch, stillToReplay } from '../../domain/plan.ts';
import { nothingMore } from './endpoint-words.ts';
import { count, counted } from './figures.ts';
import { SLACK } from './limits.ts';
import { revokedWords } from './revoked-tokens.ts';

/** Counts and side effects of an approval, the weightiest first; `against` is what speaks against the fix. */
export function approvalText(batch: Batch, against: string | null, brakeOn: boolean): string {
  const text = (isBrief: boolean) => approvalSentences(batch, { against, brakeOn, isBrief }).join(' ');
  return text(false).length <= SLACK.confirmText ? text(false) : text(true);
}

type Told = { readonly against: string | null; readonly brakeOn: boolean; readonly isBrief: boolean };

function approvalSentences(batch: Batch, { against, brakeOn, isBrief }: Told): string[] {
  const { matched, skipped, revoked, drifted } = batch.summary;
  const fixed = batch.fixed > 0 ? ` and ${count(batch.fixed)} fixed meanwhile` : '';
  return [
    // The message has the numbers.
    ...(against === null ? [] : [isBrief ? '⚠️ The fix does not look live.' : `⚠️ ${against}`]),
    `Of ${count(matched)} matched, ${count(stillToReplay(batch))} will be replayed; ${count(skipped)} are skipped${fixed}.`,
    ...(revoked !== undefined && revoked.all > 0 ? [`${revokedWords(revoked)}.`] : []),
    ...(brakeOn ? [isBrief ? 'The emergency brake is ON.' : braked(batch)] : []),
    isBrief ? sideEffectsBriefly(batch) : sideEffects(batch),
    ...(batch.request.force_retry ? ['force_retry is ON.'] : []),
    ...(drifted > 0 ? [`${counted(drifted, 'runs', 'run')} an OLD workflow version.`] : []),
  ];
}

/** What a dialog says where its button would do nothing for now. */
export function braked(batch: Batch): string {
  return `The emergency brake is ON: ${nothingMore(batch)} until it is lifted.`;
}

/** Who hears of the replays. */
export function sideEffects(batch: Batch): string {
  const isThere = batch.replayHost !== null;
  if (batch.request.suppress_notifications)
    return isThere
      ? 'The endpoint is asked to suppress notifications.'
      : 'Notifications are suppressed: no webhook, no e-mail.';
  const { most, whom } = heard(batch);
  return isThere
    ? `NOTIFICATIONS ARE ON: the endpoint may send up to ${most} to ${whom}.`
    : `NOTIFICATIONS ARE ON: up to ${most} go to ${whom}.`;
}

function sideEffectsBriefly(batch: Batch): string {
  if (batch.request.suppress_notifications || batch.replayHost !== null) return sideEffects(batch);
  const { most, whom } = heard(batch);
  return `NOTIFICATIONS ARE ON: up to ${most} to ${whom}.`;
}

function heard({ summary }: Batch) {
  const { webhooks, emails, customers } = summary.notifications;
  return {
    most: `${counted(webhooks, 'webhook')} and ${counted(emails, 'e-mail')}`,
    whom: counted(customers, 'customer'),
  };
}
