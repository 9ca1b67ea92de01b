// Slack's bad days, and the customers' receivers'.
import type { FaultOrder } from '../../slack/faults.ts';
import type { Random } from '../random.ts';
import { pause, type Stage } from '../stage.ts';

const METHODS = [
  '*',
  'chat.postMessage',
  'chat.update',
  'users.info',
  'conversations.info',
  'upload',
] as const;

/** One kind of trouble for one method or all, for a while or a few times. */
export async function failSlack(stage: Stage, random: Random): Promise<void> {
  const target = random.pick(METHODS);
  const kinds: readonly Omit<FaultOrder, 'target'>[] = [
    { kind: 'down' },
    { kind: '429', retryAfter: random.between(1, 2) },
    { kind: 'lost_answer', times: random.between(1, 3) },
    { kind: 'hang' },
    { kind: 'delay', delayMs: random.between(200, 2000) },
    { kind: 'html', status: random.pick([200, 500, 503]) },
    { kind: 'error', error: random.pick(['internal_error', 'fatal_error', 'service_unavailable']) },
  ];
  await during(stage, { target, ...random.pick(kinds) }, random.between(300, 4000));
}

/** Uploads are refused, by policy, by Slack's own trouble or by what stands between; posts go on. */
export async function refuseUploads(stage: Stage, random: Random): Promise<void> {
  const orders: readonly FaultOrder[] = [
    ...['file_uploads_disabled', 'storage_limit_reached', 'internal_error'].map(
      (error): FaultOrder => ({ target: 'files.getUploadURLExternal', kind: 'error', error }),
    ),
    { target: 'files.completeUploadExternal', kind: 'error', error: 'internal_error' },
    { target: 'upload', kind: 'html', status: random.pick([200, 403]) },
  ];
  await during(stage, random.pick(orders), random.between(500, 6000), 'Slack: upload refused');
}

/** Edits alone are limited. */
export async function limitEdits(stage: Stage, random: Random): Promise<void> {
  const order: FaultOrder = { target: 'chat.update', kind: '429', retryAfter: random.between(1, 8) };
  await during(stage, order, random.between(500, 6000), 'Slack: edits limited');
}

/** What Slack sends doesn't arrive, arrives late, twice, or without its answer. */
export async function failDeliveries(stage: Stage, random: Random): Promise<void> {
  const kinds: readonly Omit<FaultOrder, 'target'>[] = [
    { kind: 'down', times: 2 },
    { kind: 'lost_answer', times: 2 },
    { kind: 'delay', delayMs: random.between(200, 2500), times: 3 },
    { kind: 'duplicate', times: 3 },
  ];
  await during(stage, { target: 'delivery', ...random.pick(kinds) }, random.between(500, 3000));
}

async function during(stage: Stage, order: FaultOrder, milliseconds: number, name?: string): Promise<void> {
  const id = stage.slack.fault(order);
  const fault = stage.slack.activeFaults().find((one) => one.id === id);
  await pause(stage, milliseconds);
  const where = order.target === 'delivery' ? 'delivery from Slack' : 'Slack';
  stage.struck.add(name ?? `${where}: ${order.kind}`, fault?.struck ?? 0);
  stage.slack.clearFaults(id);
}

/** The receivers refuse, drop or lose the answer to a share of what they get; they count what struck themselves. */
export async function failReceivers(stage: Stage, random: Random): Promise<void> {
  stage.receivers.fail(random.pick([0.2, 0.6, 1]));
  await pause(stage, random.between(1000, 5000));
  stage.receivers.fail(0);
}
