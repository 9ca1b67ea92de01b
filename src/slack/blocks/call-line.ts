// The one line of a thread that calls people: those who can approve, where somebody asks for their approval.
import type { Evidence, RecordedEvent } from '../../domain/audit.ts';
import { type Batch, stillToReplay } from '../../domain/plan.ts';
import { clockTime, counted, moment } from './figures.ts';
import { mention, type Voice, who } from './voice.ts';

type Call = Extract<RecordedEvent, { readonly action: 'approval_asked' }>;

/** So many are called by name at a time; whoever has more admins names a user group. */
const MOST_CALLED = 20;

/** Whether the line calls people: only while there is something to decide. */
export function isCall(event: RecordedEvent, batch: Batch): boolean {
  return event.action === 'approval_asked' && event.evidence !== null && batch.status === 'waiting';
}

/** Whoever asks is not named in a call: naming would call them, too. */
export function callLine(event: Call, batch: Batch, voice: Voice): string {
  const actor = who(event.actor, voice);
  const { evidence } = event;
  if (evidence === null || !isCall(event, batch))
    return `🙋 ${voice.strong('Approval asked for')} by ${actor}, ${moment(event.at)}.`;
  const until = batch.expiresAt === null ? '' : ` until ${clockTime(batch.expiresAt)}`;
  const question = voice.strong(`replay ${counted(stillToReplay(batch), 'execution')}?`);
  return `🙋 ${called(evidence, voice)}: your approval is asked for: ${question} Decide on the message at the top of this thread${until}.`;
}

function called({ called: users, group }: Evidence['approval_asked'], voice: Voice): string {
  if (group !== null && /^S[A-Z0-9]{1,30}$/.test(group)) return `<!subteam^${group}>`;
  const first = users.slice(0, MOST_CALLED).map((userId) => mention(userId, voice));
  const more = users.length > MOST_CALLED ? [`and ${users.length - MOST_CALLED} more`] : [];
  return [...first, ...more].join(' ');
}
