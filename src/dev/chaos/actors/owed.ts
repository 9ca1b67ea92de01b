// An admin has sent what a suppressed run owes its customers: some are ticked and some not, some clicks come twice. What was
// ticked is written down before it is sent off, for the recount.
import type { View } from '../../slack/world/model.ts';
import type { Random } from '../random.ts';
import { pause, type Stage } from '../stage.ts';
import { type Clickable, click } from './click.ts';

type Choice = { readonly action_id: string; readonly options?: readonly { readonly value: string }[] };

const KINDS = { retry_batch_owed_webhook: 'webhook', retry_batch_owed_email: 'email' } as const;

/** Looks so often for a view that is to come. */
const LOOKS = 40;

/** Picks a run that owes something, chooses, looks at the sums, and sends, as far as it comes. */
export async function sendOwed(stage: Stage, random: Random, user: string): Promise<void> {
  const owing = await stage.db.sql<Clickable>(
    `select b.id, t.channel_id as channel, t.message_ts as ts from retry_batch.batches b
     join retry_batch.slack_threads t on t.batch_id = b.id
     where t.message_ts is not null and b.suppress_notifications and b.status in ('finished', 'stopped')
       and exists (select from retry_batch.plan_rows r where r.batch_id = b.id and r.outcome = 'success')`,
  );
  if (owing.length === 0) return;
  await click(stage, random.pick(owing), 'owed', user, 1);
  const list = await opened(stage, user, 'retry_batch_owed');
  if (list === undefined) return;
  const values = tick(list, random);
  const { batchId } = JSON.parse(String(list.content.private_metadata)) as { batchId: string };
  for (const [action, vendors] of Object.entries(values)) {
    await stage.db.sql('insert into chaos.ticked select $1::uuid, unnest($2::bigint[]), $3::text', [
      batchId,
      vendors.map(Number),
      KINDS[action as keyof typeof KINDS],
    ]);
  }
  await stage.slack.human.submit({ user, viewId: list.id, values });
  const sums = await opened(stage, user, 'retry_batch_owed_sums');
  if (sums === undefined) return;
  const copies = random.chance(0.4) ? 2 : 1;
  const sent = await stage.slack.human.submit({ user, viewId: sums.id, copies });
  const isTaken = sent.outcome === 'acknowledged';
  stage.done.add(isTaken ? 'slack: owed notifications sent' : 'slack: owed notifications, not acknowledged');
  if (isTaken && random.chance(0.3)) await stage.slack.redeliver(sent.id);
}

/** About half of what there is to tick, and something. */
function tick(list: View, random: Random): Record<string, string[]> {
  const choices = list.content.blocks.flatMap(({ element }) => (element ? [element as Choice] : []));
  const all = choices.flatMap(({ action_id: action, options = [] }) =>
    options.map(({ value }) => ({ action, value })),
  );
  const some = all.filter(() => random.chance(0.5));
  const values: Record<string, string[]> = {};
  for (const { action, value } of some.length > 0 ? some : all.slice(0, 1))
    values[action] = [...(values[action] ?? []), value];
  return values;
}

async function opened(stage: Stage, user: string, callbackId: string): Promise<View | undefined> {
  for (let look = 0; look < LOOKS && !stage.storm.aborted; look += 1) {
    const view = stage.slack.viewsOf(user).find(({ content }) => content.callback_id === callbackId);
    if (view !== undefined) return view;
    await pause(stage, 50);
  }
  return undefined;
}
