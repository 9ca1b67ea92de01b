// Every button the bot shows. A value is the batch's id and nothing else: whatever a click may do is read from
// the database at that moment, never from the message.
import type { ActionsBlock, Button, ConfirmationDialog } from '@slack/types';
import { shortId } from '../../domain/batch.ts';
import { type Batch, stillToReplay } from '../../domain/plan.ts';
import { capital } from '../../text/beginning.ts';
import { clip } from '../../text/untrusted.ts';
import { approvalText, braked, sideEffects } from './dialog-words.ts';
import { inHand } from './endpoint-words.ts';
import { count, counted } from './figures.ts';
import { SLACK } from './limits.ts';
import { againstTheFix } from './live.ts';
import { plainText } from './message.ts';

export const ACTION_IDS = {
  approve: 'retry_batch_approve',
  approveAnyway: 'retry_batch_approve_anyway',
  cancel: 'retry_batch_cancel',
  change: 'retry_batch_change',
  ask: 'retry_batch_ask',
  pause: 'retry_batch_pause',
  resume: 'retry_batch_resume',
  stop: 'retry_batch_stop',
  continue: 'retry_batch_continue',
  retryHeld: 'retry_batch_retry_held',
  rest: 'retry_batch_rest',
  owed: 'retry_batch_owed',
  reading: 'retry_batch_reading',
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

/**
 * What one does with a dry run that waits: Approve, with a dialog that repeats counts and side effects, and Ask for approval,
 * while anything is left to approve; Change and Cancel.
 */
export function decisionButtons(batch: Batch, brakeOn: boolean): ActionsBlock {
  const decide = stillToReplay(batch) > 0 ? [approve(batch, brakeOn), ASK] : [];
  return row(batch, [...decide, CHANGE, cancel(batch)]);
}

/** Pause and Stop, while a run is queued or goes on. */
export function runningButtons(batch: Batch, left: number): ActionsBlock {
  return row(batch, [{ action: 'pause', label: 'Pause', aloud: 'Pause the run' }, stop(batch, left)]);
}

/** How many rows are held, and whether the emergency brake is on: then nothing goes on whoever clicks. */
export type HeldBack = { readonly held: number; readonly brakeOn: boolean };

/** Resume and Stop; where the run paused itself, Continue, Retry held where rows are held, and Stop. */
export function pausedButtons(batch: Batch, left: number, { held, brakeOn }: HeldBack): ActionsBlock {
  const by = batch.pausedBy;
  // That an endpoint is away says nothing of what is held: Resume leaves that alone, and Continue would let it go.
  if (by?.kind !== 'system' || by.name === 'endpoint') {
    const resume = { action: 'resume', label: 'Resume', aloud: 'Resume the run', style: 'primary' } as const;
    const confirm = dialog('Resume although the brake is on?', braked(batch), 'Resume');
    return row(batch, [brakeOn ? { ...resume, confirm } : resume, stop(batch, left)]);
  }
  const text = `${brakeOn ? `${braked(batch)} ` : ''}The run goes on, with what it held back, although it found reason to stop. ${sideEffects(batch)}`;
  const goOn: ButtonSpec = {
    action: 'continue',
    label: 'Continue',
    aloud: 'Continue the run',
    confirm: dialog('Continue anyway?', text, 'Continue'),
  };
  return row(batch, [goOn, ...(held > 0 ? [retryHeld(batch, { held, brakeOn })] : []), stop(batch, left)]);
}

/** A dry run of just what the run left, Retry held where that much is held, and what is owed; none where there is nothing. */
export function reportButtons(
  batch: Batch,
  left: number,
  { held, brakeOn, owes }: HeldBack & { readonly owes: boolean },
): ActionsBlock[] {
  const rest = `Dry run of the ${count(left)} left`;
  const buttons: ButtonSpec[] = [
    ...(left > 0 ? [{ action: 'rest', label: rest, aloud: rest } as const] : []),
    ...(held > 0 ? [retryHeld(batch, { held, brakeOn })] : []),
    ...(owes ? [OWED] : []),
  ];
  return buttons.length > 0 ? [row(batch, buttons)] : [];
}

/** The buttons under a reading; their value is the reading's id. */
export function readingButtons(readingId: string): ActionsBlock {
  const button = (action: 'reading' | 'change', label: string): Button => ({
    type: 'button',
    action_id: ACTION_IDS[action],
    value: readingId,
    text: plainText(label),
  });
  const run: Button = { ...button('reading', 'Run this dry run'), style: 'primary' };
  return { type: 'actions', elements: [run, button('change', 'Change')] };
}

/** Ask for approval alone, for somebody who can't approve. */
export function askButton(batch: Batch): ActionsBlock {
  return row(batch, [ASK]);
}

function retryHeld(batch: Batch, { held, brakeOn }: HeldBack): ButtonSpec {
  const confirm = dialog(
    `Replay the ${counted(held, 'held execution')}?`,
    `${brakeOn ? `${braked(batch)} ` : ''}${counted(held, 'held execution')} get their turn; of each group one goes first. ${sideEffects(batch)}`,
    'Replay',
  );
  return { action: 'retryHeld', label: `Retry held (${count(held)})`, aloud: 'Retry what was held', confirm };
}

const OWED: ButtonSpec = {
  action: 'owed',
  label: 'Send owed notifications…',
  aloud: 'Send owed notifications',
};

const ASK: ButtonSpec = { action: 'ask', label: 'Ask for approval', aloud: 'Ask for approval' };

const CHANGE: ButtonSpec = { action: 'change', label: 'Change', aloud: 'Change the dry run' };

function approve(batch: Batch, brakeOn: boolean): ButtonSpec {
  const against = againstTheFix(batch);
  const left = stillToReplay(batch);
  const { suppress_notifications: isQuiet } = batch.request;
  const fixed = batch.fixed > 0 ? ` (${count(batch.fixed)} fixed meanwhile)` : '';
  const confirm = dialog(
    `Replay ${counted(left, 'execution')}?`,
    approvalText(batch, against, brakeOn),
    `Replay ${count(left)}`,
  );
  const label = `Approve ${against === null ? count(left) : 'anyway'}${fixed}`;
  return {
    action: against === null ? 'approve' : 'approveAnyway',
    label,
    // Whoever speaks to the machine says what stands there.
    aloud: label,
    style: isQuiet && against === null ? 'primary' : 'danger',
    confirm: isQuiet && against === null ? confirm : { ...confirm, style: 'danger' },
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
