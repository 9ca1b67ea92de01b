// Somebody was refused on a batch, as a line in its thread.
import type { RecordedEvent } from '../../domain/audit.ts';
import type { Decision } from '../../domain/decision.ts';
import { moment } from './figures.ts';
import { refusedBecause } from './refused-because.ts';
import { type Voice, who } from './voice.ts';

type EventOf<One extends RecordedEvent['action']> = Extract<RecordedEvent, { readonly action: One }>;

const CLICKS: Readonly<Record<Decision | 'approval_refused' | 'refused', string>> = {
  approve: 'Approval',
  cancel: 'Cancel',
  change: 'Change',
  pause: 'Pause',
  resume: 'Resume',
  stop: 'Stop',
  continue: 'Continue',
  retry_held: 'Retry held',
  ask_for_approval: 'Asking for approval',
  send_owed: 'Sending owed notifications',
  approval_refused: 'Approval',
  refused: 'A click was',
};

/** A refused click on the batch; what was refused before there was one is told to whoever asked, and nobody else. */
export function refusedLines(event: EventOf<'refused'>, voice: Voice): string[] | null {
  const { evidence } = event;
  if (evidence === null || !('attempted' in evidence)) return null;
  return [refusedLine(CLICKS[evidence.attempted], event, voice)];
}

/** What was refused, to whom, when and why. */
export function refusedLine(
  what: string,
  { actor, at, evidence }: EventOf<'refused' | 'approval_refused'>,
  voice: Voice,
): string {
  const because = evidence === null || 'status' in evidence ? '' : `, ${refusedBecause(evidence.because)}`;
  return `⛔ ${voice.strong(`${what} refused`)}: ${who(actor, voice)}, ${moment(at)}${because}. Nothing was changed.`;
}
