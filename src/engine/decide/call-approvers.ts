// Ask for approval: those who can approve are called, once a batch and at most once in ten minutes a channel. It decides
// nothing; the thread's view is what calls them.
import type { Batch } from '../../domain/plan.ts';
import { noteCall } from '../../store/calls.ts';
import type { EnginePorts } from '../ports.ts';
import { record } from '../record.ts';
import { type Person, whyNeither } from './authorize.ts';
import { attempt, type Decided, whyNothingLeft, whyNotWaiting } from './decide.ts';

/** Whom to call, by Slack user ids. */
export type Call = {
  readonly users: readonly string[];
  /** A user group that is mentioned instead of them; null: they are. */
  readonly group: string | null;
  /** Those of them who are told in a direct message too, because they don't read the channel. */
  readonly toTell: readonly string[];
};

/** Has them called: by the requester or a mapped admin, while the batch waits. Throws as `Tx.query` does. */
export async function callApprovers(
  ports: EnginePorts,
  batchId: string,
  person: Person,
  callFor: (batch: Batch) => Call,
): Promise<Decided> {
  return attempt(ports, batchId, person, 'ask_for_approval', async (tx, batch, standing) => {
    const refusal =
      whyNeither(batch, person, standing, 'ask for approval of') ??
      whyNotWaiting(batch) ??
      (await whyNothingLeft(tx, batch));
    if (refusal !== null) return refusal;
    const { users, group, toTell } = callFor(batch);
    if (users.length === 0 && group === null) return { kind: 'nobody_to_call' };
    const called = await noteCall(tx, batchId, toTell);
    switch (called.kind) {
      case 'already':
        return { kind: 'called_already', at: called.at };
      case 'lately':
        return { kind: 'called_lately', until: called.until, channelId: called.channelId };
      case 'nowhere':
        return { kind: 'unknown_batch' };
      case 'noted':
        await record(ports, tx, {
          batchId,
          action: 'approval_asked',
          actor: standing.actor,
          evidence: { called: users, group },
        });
        return batch;
    }
  });
}
