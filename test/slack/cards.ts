// What `status` and the Home tab say of a batch.
import { until } from '../support/until.ts';
import { type Asked, buttonsOf, type Desk } from './desk.ts';

export const status = (from: Desk, user = 'U0ADMIN', where = from.channel()) =>
  from.told(user, () => from.command('status', user, where));

type Block = { readonly type: string; readonly text?: { readonly text?: string } };

/** The part of an answer, or of a Home tab, that is about one batch: its lines, with the buttons below them. */
export function cardOf(blocks: readonly unknown[] | undefined, batchId: string): string {
  const all = (blocks ?? []) as readonly Block[];
  const at = all.findIndex(({ text }) => text?.text?.includes(batchId.slice(0, 8)));
  const next = all[at + 1];
  return at < 0 ? '' : JSON.stringify([all[at], ...(next?.type === 'actions' ? [next] : [])]);
}

export const homeBlocks = ({ slack }: Desk, user: string) =>
  (slack.homeOf(user)?.content as { readonly blocks: readonly unknown[] } | undefined)?.blocks;

/** Opens the Home tab, and answers a look at what it says of a batch. */
export async function openHome(from: Desk, user = 'U0ADMIN') {
  const published = () =>
    from.slack.traffic().filter((one) => one.kind === 'api' && one.method === 'views.publish').length;
  const before = published();
  await from.slack.human.openHome({ user });
  await from.slack.waitFor(() => published() > before && from.slack.homeOf(user), { what: 'the Home tab' });
  return (batchId: string) => cardOf(homeBlocks(from, user), batchId);
}

/** Resolves when the lists of its dry run are posted. */
export const complete = ({ world }: Desk, { batchId }: Asked) =>
  until('the thread is complete', async () => {
    const sql =
      'select from retry_batch.slack_threads where batch_id = $1 and lists_posted = 2 and lease_until is null';
    return (await world.sql(sql, [batchId])).length > 0;
  });

export const actionsIn = (card: string) => buttonsOf({ blocks: JSON.parse(card || '[]') });
