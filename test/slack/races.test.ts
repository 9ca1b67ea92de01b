// The same decision from two sides at the same moment: one run, and the later one told who was first. The moment
// is made: both stand before the row's lock, held by another connection, and then it is let go.

import { dropEdge, EDGE_LOCK, held, holdEdge, inLine } from '../support/locks.ts';
import { shared } from '../support/shared.ts';
import { until } from '../support/until.ts';
import { type Asked, buttonsOf, openDesk } from './desk.ts';

const desk = shared(() => openDesk());
const second = shared(() => desk.another());

/** Lets `acts` run into a lock that is held on the batch's row, and opens it when all of them wait there. */
async function collide(asked: Asked, ...acts: (() => Promise<unknown>)[]): Promise<void> {
  const holding = await desk.world.connect();
  await holding.query('begin');
  await holding.query('select from retry_batch.batches where id = $1 for update', [asked.batchId]);
  await Promise.all(acts.map((act) => act()));
  await waitingForLocks(acts.length);
  await holding.query('rollback');
  await holding.end();
}

const waitingForLocks = (n: number) =>
  until(`${n} statements wait for a lock`, async () => {
    const sql = `select count(*) as n from pg_stat_activity
      where datname = current_database() and wait_event_type = 'Lock' and query like 'update retry_batch.batches%'`;
    return (await desk.world.one<{ n: number }>(sql)).n >= n;
  });

/** One approval, one start, one project for each execution. */
async function oneRun(asked: Asked & { ramp: { id: number } }, eligible: number): Promise<void> {
  await desk.becomes(asked.batchId, 'finished');
  const actions = await desk.actions(asked.batchId);
  expect(actions.filter((one) => one === 'approved')).toHaveLength(1);
  expect(actions.filter((one) => one === 'started')).toHaveLength(1);
  const { n } = await desk.world.one<{ n: number }>(
    'select count(*) as n from or_projects where ramp_id = $1',
    [asked.ramp.id],
  );
  expect(n).toBe(eligible);
}

const viaSecond = <Result>(act: () => Result): Result => {
  desk.slack.setRequestUrl(`${second.url}/slack/events`);
  const result = act();
  desk.slack.setRequestUrl(`${desk.app.url}/slack/events`);
  return result;
};

const answersOf = (user: string) => desk.slack.ephemeralsOf(user).map((one) => one.text);
const firstIs = (winner: string) => new RegExp(`already approved by <@${winner}> at`);

test('a double click on Approve is one run, and the second click is told that the first counted', async () => {
  const asked = await desk.waiting(2);
  const click = () => desk.click(asked, 'approve');
  const answer = await desk.told('U0ADMIN', () => collide(asked, click, click));
  expect(answer.text).toMatch(firstIs('U0ADMIN'));
  await oneRun(asked, 2);
});

test('two admins at the same moment are one run, and the later one is told who was first', async () => {
  const asked = await desk.waiting(2);
  const before = [...answersOf('U0ADMIN'), ...answersOf('U0ADMIN2')].length;
  await collide(
    asked,
    () => desk.click(asked, 'approve', 'U0ADMIN'),
    () => desk.click(asked, 'approve', 'U0ADMIN2'),
  );
  await oneRun(asked, 2);
  const { winner } = await desk.world.one<{ winner: string }>(
    `select decided_by ->> 'userId' as winner from retry_batch.batches where id = $1`,
    [asked.batchId],
  );
  const loser = winner === 'U0ADMIN' ? 'U0ADMIN2' : 'U0ADMIN';
  await desk.slack.waitFor(() => answersOf(loser).some((text) => firstIs(winner).test(text)), {
    what: 'the answer',
  });
  expect([...answersOf('U0ADMIN'), ...answersOf('U0ADMIN2')]).toHaveLength(before + 1);
});

test('two bots on one database: a click through each is one run', async () => {
  const asked = await desk.waiting(2);
  const answer = await desk.told('U0ADMIN', () =>
    collide(
      asked,
      () => desk.click(asked, 'approve'),
      () => viaSecond(() => desk.click(asked, 'approve')),
    ),
  );
  expect(answer.text).toMatch(firstIs('U0ADMIN'));
  await oneRun(asked, 2);
});

test('the same signed delivery of a click, twice at once and once later, through two bots, is one click', async () => {
  const asked = await desk.waiting(1);
  const before = answersOf('U0ADMIN').length;
  const delivery = await desk.click(asked, 'approve', 'U0ADMIN', { copies: 2 });
  await oneRun(asked, 1);
  expect(await desk.slack.redeliver(delivery.id)).toMatchObject({ outcome: 'acknowledged' });
  // A marker behind it: whatever the repeat would have said is said by now.
  await desk.told('U0ADMIN', () => desk.click(asked, 'approve', 'U0ADMIN', { seen: old(asked) }));
  expect(answersOf('U0ADMIN')).toHaveLength(before + 1);
  expect((await desk.actions(asked.batchId)).filter((one) => one === 'approval_refused')).toHaveLength(1);
});

test('the same delivery of a command, twice, is one dry run', async () => {
  const { ramp } = await desk.failed(1);
  const channel = desk.channel();
  const text = `since=2026-05-11T00:00Z ramp=${ramp.uuid}`;
  const delivery = await desk.command(text, 'U0ONCALL', channel, { copies: 3 });
  const asked = await desk.posted(channel);
  await desk.slack.redeliver(delivery.id);
  await desk.click(asked, 'cancel');
  await desk.becomes(asked.batchId, 'cancelled');
  const sql = 'select from retry_batch.slack_threads where channel_id = $1';
  expect(await desk.world.sql(sql, [channel])).toHaveLength(1);
});

test('approval against cancel: whoever is first decides, and the other is told so', async () => {
  const asked = await desk.waiting(1);
  await collide(
    asked,
    () => desk.click(asked, 'approve', 'U0ADMIN'),
    () => desk.click(asked, 'cancel', 'U0ADMIN2'),
  );
  await until('one of them won', async () => (await desk.status(asked.batchId)) !== 'waiting');
  const approved = (await desk.status(asked.batchId)) !== 'cancelled';
  const [loser, words] = approved
    ? ['U0ADMIN2', /already approved by <@U0ADMIN>/]
    : (['U0ADMIN', /cancelled by <@U0ADMIN2>/] as const);
  await desk.slack.waitFor(() => answersOf(loser).some((text) => words.test(text)), {
    what: 'the answer',
  });
  if (approved) await oneRun(asked, 1);
  else expect(await desk.projects(asked.ramp)).toBe(0);
});

test('approval against expiry: a click that came in time wins over the expiry that comes while it waits', async () => {
  const { world } = desk;
  const asked = await desk.waiting(1);
  await holdEdge(world, 'hold_approval', 'insert', 'retry_batch.events', `new.action = 'approved'`);
  const edge = await inLine(world, EDGE_LOCK);
  const row = await inLine(world, 'select from retry_batch.batches where id = $1 for update', [
    asked.batchId,
  ]);
  await desk.click(asked, 'approve');
  await waitingForLocks(1);
  const sql = 'update retry_batch.batches set expires_at = clock_timestamp() where id = $1';
  await row.take(sql, [asked.batchId]);
  await row.release();
  // The click has decided and not said so yet, when the sweep of a bot finds that the time has come.
  await held(world, /insert into retry_batch.events/);
  await waitingForLocks(1);
  await edge.release();
  await oneRun(asked, 1);
  expect(await desk.actions(asked.batchId)).not.toContain('expired');
  await dropEdge(world, 'hold_approval', 'retry_batch.events');
});

test('approval against expiry: a click that began in time but decides after the expiry is too late', async () => {
  const asked = await desk.waiting(1);
  const holding = await desk.world.connect();
  await holding.query('begin; lock table retry_batch.slack_identities in access exclusive mode');
  await desk.click(asked, 'approve');
  await until('the click waits for the lock', async () => {
    const found = await desk.world.sql(`select from pg_stat_activity
      where datname = current_database() and wait_event_type = 'Lock' and query like '%slack_identities%'`);
    return found.length > 0;
  });
  await desk.world.sql('update retry_batch.batches set expires_at = clock_timestamp() where id = $1', [
    asked.batchId,
  ]);
  await desk.becomes(asked.batchId, 'expired');
  const answer = await desk.told('U0ADMIN', () => holding.query('rollback'));
  await holding.end();
  expect(answer.text).toMatch(/This dry run expired at .*Ask for a new one/s);
  expect(await desk.projects(asked.ramp)).toBe(0);
});

test('a batch whose time has come expires by itself: its message says so and loses its buttons', async () => {
  const asked = await desk.waiting(1);
  await desk.world.sql('update retry_batch.batches set expires_at = now() where id = $1', [asked.batchId]);
  const message = await desk.slack.waitFor(
    () => buttonsOf(desk.shown(asked)).length === 0 && desk.shown(asked),
  );
  expect(message.text).toMatch(/Expired: nobody approved in time/);
  expect(message.text).toContain('/retry-batch since=');
  await desk.reply(asked, /Expired/);
  expect(await desk.actions(asked.batchId)).toEqual(['asked', 'planned', 'expired']);
});

test('a click on a dry run whose time has just come is refused, whether or not a sweep has noticed', async () => {
  const asked = await desk.waiting(1);
  await desk.world.sql('update retry_batch.batches set expires_at = now() where id = $1', [asked.batchId]);
  const answer = await desk.told('U0ADMIN', () =>
    desk.click(asked, 'approve', 'U0ADMIN', { seen: old(asked) }),
  );
  expect(answer.text).toContain('This dry run expired');
});

const old = ({ batchId }: Asked) => [
  {
    type: 'actions',
    elements: [
      {
        type: 'button',
        action_id: 'retry_batch_approve',
        value: batchId,
        text: { type: 'plain_text', text: 'Approve' },
      },
    ],
  },
];
