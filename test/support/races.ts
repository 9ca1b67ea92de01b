// Races made on purpose: batches planned and approved through the engine itself, with or without a process that
// works on them.
import { randomUUID } from 'node:crypto';
import { parseRequest } from '../../src/domain/request.ts';
import type { Person } from '../../src/engine/decide/authorize.ts';
import { approve } from '../../src/engine/decide/decide.ts';
import { preview } from '../../src/engine/plan/preview.ts';
import type { EnginePorts } from '../../src/engine/ports.ts';
import { PLAN_OPTIONS } from './plan-options.ts';
import { INCIDENT, TEAM } from './slack.ts';
import type { Execution, World } from './world.ts';

/** Somebody in Slack who is mapped to an OnRamp user; an ONRAMP_ADMIN unless the test says otherwise. */
export async function person(world: World, options: { admin?: boolean } = {}): Promise<Person> {
  const userId = `U${randomUUID().slice(0, 8).toUpperCase()}`;
  await world.mapping(TEAM, userId, (await world.user(options)).id);
  return { teamId: TEAM, userId, standing: null };
}

/** A dry run in Slack of exactly these executions; answers the waiting batch's id. */
export async function planned(ports: EnginePorts, executions: readonly Execution[]): Promise<string> {
  const parsed = parseRequest({
    execution_uuids: executions.map((one) => one.uuid),
    suppress_notifications: true,
  });
  if (parsed.kind !== 'request') throw new Error('the test asks for something wrong');
  const place = { teamId: TEAM, channelId: INCIDENT };
  const previewed = await preview(ports, PLAN_OPTIONS, {
    request: parsed.request,
    by: { kind: 'slack', teamId: TEAM, userId: 'U0ONCALL', user: null },
    door: { kind: 'slack', place, notes: () => [] },
  });
  if (previewed.kind !== 'planned') throw new Error(`not planned: ${previewed.kind}`);
  return previewed.batch.id;
}

/** Plans and approves at once. */
export async function approved(
  ports: EnginePorts,
  executions: readonly Execution[],
  by: Person,
): Promise<string> {
  const batchId = await planned(ports, executions);
  const decided = await approve(ports, { requireSecondPerson: false }, batchId, by);
  if (decided.kind !== 'done') throw new Error(`not approved: ${decided.refusal.kind}`);
  return batchId;
}
