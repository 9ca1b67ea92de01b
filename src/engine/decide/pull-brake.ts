// The emergency brake, pulled by a mapped admin in Slack. There is no such way to release it.
import type { Refusal } from '../../domain/refusal.ts';
import { type BrakeStanding, brakeStanding, setBrake } from '../../store/brake.ts';
import type { EnginePorts } from '../ports.ts';
import { lookUp, type Person, type Standing } from './authorize.ts';

export type Pulled =
  /** `changed`: it was off before. */
  | { readonly kind: 'on'; readonly changed: boolean; readonly standing: BrakeStanding }
  | { readonly kind: 'refused'; readonly refusal: Refusal; readonly actor: Standing['actor'] };

/** Pulls it; the audit trail says who did, in every run that it holds. Throws as `Tx.query` does. */
export async function pullBrake(ports: EnginePorts, person: Person): Promise<Pulled> {
  const pulled = await ports.db.transaction(async (tx): Promise<Pulled> => {
    const { actor, refusal } = await lookUp(tx, person);
    if (refusal !== null) return { kind: 'refused', refusal, actor };
    const changed = await setBrake(tx, true, actor);
    // The owner's function has written that down.
    const event = { batchId: null, action: 'brake_on', actor, evidence: {} } as const;
    if (changed) tx.afterCommit(() => ports.observe({ kind: 'edge', event }));
    return { kind: 'on', changed, standing: await brakeStanding(tx) };
  });
  if (pulled.kind === 'on' && pulled.changed) pulled.standing.runs.forEach(ports.onChange);
  return pulled;
}
