// Every button the bot shows. A value is the batch's id and nothing else: whatever a click may do is read from
// the database at that moment, never from the message.
import type { ActionsBlock, Button, ConfirmationDialog } from '@slack/types';
import { shortId } from '../../domain/batch.ts';
import type { Batch } from '../../domain/plan.ts';
import { clip } from '../../text/untrusted.ts';
import { capital, inHand } from './endpoint-words.ts';
import { count, counted } from './figures.ts';
import { SLACK } from './limits.ts';
import { plainText } from './message.ts';

export const ACTION_IDS = {
  approve: 'retry_batch_approve',
  cancel: 'retry_batch_cancel',
  pause: 'retry_batch_pause',
  resume: 'retry_batch_resume',
  stop: 'retry_batch_stop',
  continue: 'retry_batch_continue',
  retryHeld: 'retry_batch_retry_held',
  rest: 'retry_batch_rest',
} as const;

export type ActionId = (typeof ACTION_IDS)[keyof typeof ACTION_IDS];

type ButtonSpec = {
  readonly action: keyof typeof ACTION_IDS;
  readonly label: string;
  /** What a screen reader says: the label alone doesn't tell which batch. */
  readonly aloud: string;
  readonly style?: 'primary' | 'danger';
  readonly confirm?: ConfirmationDialog;
};

/** Approve, with a dialog that repeats counts and side effects, and Cancel. */
export function decisionButtons(batch: Batch): ActionsBlock {
  return row(batch, [approve(batch), cancel(batch)]);
}

/** Cancel alone, for a waiting batch that nobody can approve. */
export function cancelButton(batch: Batch): ActionsBlock {
  return row(batch, [cancel(batch)]);
}

/** Pause and Stop, while a run is queued or goes on. */
export function runningButtons(batch: Batch, left: number): ActionsBlock {
  return row(batch, [{ action: 'pause', label: 'Pause', aloud: 'Pause the run' }, stop(batch, left)]);
}

/** Resume and Stop; where the run paused itself, Continue, Retry held where rows are held, and Stop. */
export function pausedButtons(batch: Batch, left: number, held: number): ActionsBlock {
  const by = batch.pausedBy;
  // That an endpoint is away says nothing of what is held: Resume leaves that alone, and Continue would let it go.
  if (by?.kind !== 'system' || by.name === 'endpoint') {
    return row(batch, [
      { action: 'resume', label: 'Resume', aloud: 'Resume the run', style: 'primary' },
      stop(batch, left),
    ]);
  }
  const text = `The run goes on, with what it held back, although it found reason to stop. ${sideEffects(batch)}`;
  const goOn: ButtonSpec = {
    action: 'continue',
    label: 'Continue',
    aloud: 'Continue the run',
    confirm: dialog('Continue anyway?', text, 'Continue'),
  };
  return row(batch, [goOn, ...(held > 0 ? [retryHeld(batch, held)] : []), stop(batch, left)]);
}

/** A dry run of just what the run left, and Retry held where that much is held. */
export function leftButtons(batch: Batch, left: number, held: number): ActionsBlock {
  const rest: ButtonSpec = {
    action: 'rest',
    label: `Dry run of the ${count(left)} left`,
    aloud: `Dry run of the ${count(left)} left`,
  };
  return row(batch, [rest, ...(held > 0 ? [retryHeld(batch, held)] : [])]);
}

function retryHeld(batch: Batch, held: number): ButtonSpec {
  const confirm = dialog(
    `Replay the ${counted(held, 'held execution')}?`,
    `${counted(held, 'execution')} that this run held back get their turn; of each group one goes first. ${sideEffects(batch)}`,
    'Replay',
  );
  return { action: 'retryHeld', label: `Retry held (${count(held)})`, aloud: 'Retry what was held', confirm };
}

function approve(batch: Batch): ButtonSpec {
  const { matched, eligible, skipped, drifted } = batch.summary;
  const old = drifted > 0 ? ` ${count(drifted)} run an OLD workflow version.` : '';
  const force = batch.request.force_retry ? ' force_retry is ON.' : '';
  const text = `Of ${count(matched)} matched, ${count(eligible)} will be replayed and ${count(skipped)} are skipped. ${sideEffects(batch)}${old}${force}`;
  const confirm = dialog(`Replay ${counted(eligible, 'execution')}?`, text, `Replay ${count(eligible)}`);
  return {
    action: 'approve',
    label: 'Approve',
    aloud: `Approve: replay ${counted(eligible, 'execution')}`,
    style: 'primary',
    confirm: batch.request.suppress_notifications ? confirm : { ...confirm, style: 'danger' },
  };
}

function cancel(batch: Batch): ButtonSpec {
  return { action: 'cancel', label: 'Cancel', aloud: `Cancel: replay nothing of ${shortId(batch.id)}` };
}

function stop(batch: Batch, left: number): ButtonSpec {
  const confirm = dialog(
    'Stop this run for good?',
    `${capital(inHand(batch))}. The other ${count(left)} are not reached and stay in ERROR. What was replayed stays replayed. To interrupt it only, use Pause.`,
    'Stop the run',
  );
  return {
    action: 'stop',
    label: 'Stop',
    aloud: 'Stop the run',
    style: 'danger',
    confirm: { ...confirm, style: 'danger' },
  };
}

function sideEffects(batch: Batch): string {
  const isThere = batch.replayHost !== null;
  if (batch.request.suppress_notifications)
    return isThere
      ? 'The endpoint is asked to suppress notifications.'
      : 'Notifications are suppressed: no webhook, no e-mail.';
  const { webhooks, emails, customers } = batch.summary.notifications;
  const most = `${counted(webhooks, 'webhook')} and ${counted(emails, 'e-mail')}`;
  const whom = counted(customers, 'customer');
  return isThere
    ? `NOTIFICATIONS ARE ON: the endpoint may send up to ${most} to ${whom}.`
    : `NOTIFICATIONS ARE ON: up to ${most} go to ${whom}.`;
}

function dialog(title: string, text: string, confirm: string): ConfirmationDialog {
  return {
    title: plainText(clip(title, SLACK.confirmTitle)),
    text: plainText(clip(text, SLACK.confirmText)),
    confirm: plainText(clip(confirm, SLACK.confirmButton)),
    deny: plainText('Not now'),
  };
}

function row(batch: Batch, buttons: readonly ButtonSpec[]): ActionsBlock {
  return { type: 'actions', elements: buttons.map((spec) => button(batch, spec)) };
}

function button(batch: Batch, spec: ButtonSpec): Button {
  return {
    type: 'button',
    action_id: ACTION_IDS[spec.action],
    value: batch.id,
    text: plainText(clip(spec.label, SLACK.buttonText)),
    accessibility_label: clip(`${spec.aloud}, batch ${shortId(batch.id)}`, SLACK.accessibilityLabel),
    ...(spec.style && { style: spec.style }),
    ...(spec.confirm && { confirm: spec.confirm }),
  };
}
