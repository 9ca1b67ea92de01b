// One click in Slack, counted by how it was taken.
import type { Block } from '../../slack/validation/walk.ts';
import type { Stage } from '../stage.ts';

/** A batch and the message that it is clicked on. */
export type Clickable = { id: string; channel: string; ts: string };

/** Clicks with the button as that person's screen may still show it. */
export async function click(
  stage: Stage,
  batch: Clickable,
  verb: string,
  user: string,
  copies: number,
): Promise<void> {
  const actionId = `retry_batch_${verb}`;
  const text = { type: 'plain_text', text: verb };
  const seen = [
    {
      type: 'actions',
      block_id: 'seen',
      elements: [{ type: 'button', action_id: actionId, value: batch.id, text }],
    },
  ] as unknown as readonly Block[];
  const delivery = await stage.slack.human.click({
    user,
    channel: batch.channel,
    ts: batch.ts,
    actionId,
    seen,
    copies,
  });
  count(stage, verb, delivery.outcome);
  if (copies > 1 && delivery.outcome === 'acknowledged') stage.struck.add('delivery twice at once');
}

/** Counts what somebody did, by whether Slack had it acknowledged. */
export function count(stage: Stage, what: string, outcome: string): void {
  stage.done.add(outcome === 'acknowledged' ? `slack: ${what}` : `slack: ${what}, not acknowledged`);
}
