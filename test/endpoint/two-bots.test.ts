// Two bots, two batches, and others who work on the same tables: what is with the application is there once.
import { shared } from '../support/shared.ts';
import { until } from '../support/until.ts';
import type { Execution, World } from '../support/world.ts';
import { callsFor, replaysOf } from './aftermath.ts';
import { openFront } from './front.ts';

const front = shared(async () => {
  const opened = await openFront({ environment: { REPLAY_TIMEOUT_SECONDS: '20' } });
  const second = await opened.start();
  return { ...opened, second };
});

/** How many projects each of these has. */
async function projectsOf(world: World, rows: readonly Execution[]): Promise<number[]> {
  const found = await world.sql<{ n: number }>(
    `select (select count(*) from or_projects p where p.execution_id = e.id) as n from or_ramp_executions e
     where e.id = any ($1) order by e.id`,
    [rows.map((row) => row.id)],
  );
  return found.map(({ n }) => n);
}

/** Another program's project for this execution. */
async function byAnother(world: World, row: Execution | undefined): Promise<void> {
  if (row !== undefined) await world.project(row);
}

it('two bots on two batches with rows in common: each row is replayed once', async () => {
  const ramp = await front.world.ramp();
  const rows = await front.failed(120, { ramp });
  const [left, right] = [rows.slice(0, 80), rows.slice(40)];
  const [one, other] = [await front.dryRun(left), await front.dryRun(right)];
  await Promise.all([front.approve(one), front.approve(other)]);
  await Promise.all([front.ends(one), front.ends(other)]);
  expect(await projectsOf(front.world, rows)).toEqual(rows.map(() => 1));
  expect(replaysOf(front, rows)).toEqual(rows.map(() => 1));
  const [a, b] = [await front.books(one), await front.books(other)];
  expect([a.sent, b.sent, a.disagreements, b.disagreements]).toEqual([0, 0, [], []]);
  // Each row in common is a success of one of the two, and skipped by the other.
  const count = (outcomes: Record<string, number>) => (outcomes.success ?? 0) + (outcomes.skipped ?? 0);
  expect([count(a.outcomes), count(b.outcomes)]).toEqual([80, 80]);
  expect((a.outcomes.success ?? 0) + (b.outcomes.success ?? 0)).toBe(120);
});

it('a row, and a trigger, that is with the application for one batch waits in the other', async () => {
  const ramp = await front.world.ramp();
  const [own] = await front.failed(1, { ramp, createdAt: '2026-05-11T12:30:00Z' });
  const [earlier] = await front.failed(1, { ramp, triggerKey: 'won', createdAt: '2026-05-11T12:31:00Z' });
  const [later] = await front.failed(1, { ramp, triggerKey: 'won', createdAt: '2026-05-11T12:32:00Z' });
  const [common] = await front.failed(1, { ramp, createdAt: '2026-05-11T12:33:00Z' });
  const of = (...found: (Execution | undefined)[]) => found.flatMap((row) => row ?? []);
  const first = await front.dryRun(of(later, common));
  const second = await front.dryRun(of(own, earlier, common));
  // The canary, and the row that both have: each is with the application for a while.
  await front.goesWrong({ kind: 'slow', ms: 4000 });
  await front.approve(first);
  await front.untilSent(1);
  await front.approve(second);
  await until('the second batch has done what is free', async () => {
    return (await front.outcomesOf(second)).filter((one) => one.outcome === 'success').length > 0;
  });
  await Promise.all([front.ends(first), front.ends(second)]);
  const told = await front.outcomesOf(second);
  expect(told.find((one) => one.uuid === earlier?.uuid)).toMatchObject({
    ...{ outcome: 'skipped', reason: 'duplicate_trigger_succeeded' },
  });
  expect(await projectsOf(front.world, of(own, earlier, later, common))).toEqual([1, 0, 1, 1]);
  expect(replaysOf(front, of(own, earlier, later, common))).toEqual([1, 1, 1, 0]);
  for (const asked of [first, second])
    expect(await front.books(asked)).toMatchObject({ sent: 0, disagreements: [] });
});

it('two bots share one run: the canary goes first, and no call is made twice', async () => {
  const rows = await front.failed(160);
  const asked = await front.run(rows);
  await front.ends(asked);
  expect(await front.books(asked)).toEqual(front.eachOnce(160));
  const calls = callsFor(front, rows);
  expect(calls[0]?.named).toHaveLength(1);
  expect(calls.flatMap(({ named }) => named)).toHaveLength(160);
});

it('Stop, while rows are with the application, ends nothing: not by the bot that has no call in hand either', async () => {
  const rows = await front.failed(27);
  await front.goesWrong({ kind: 'slow', ms: 0 }, { kind: 'slow', ms: 6000 });
  const asked = await front.run(rows);
  await front.untilSent(25);
  await front.decide(asked, 'stop');
  await front.ends(asked, 'stopped');
  const { ended } = await front.world.one<{ ended: Date }>(
    'select ended_at as ended from retry_batch.batches where id = $1',
    [asked.batchId],
  );
  const [slow] = callsFor(front, rows).filter((one) => one.named.length === 25);
  expect(ended.getTime()).toBeGreaterThanOrEqual(Date.parse(slow?.answered_at ?? ''));
  const books = await front.books(asked);
  expect(books).toMatchObject({ sent: 0, disagreements: [] });
  expect(books.outcomes.success).toBeGreaterThanOrEqual(26);
});

it('a project that somebody made since the plan keeps its row from being sent', async () => {
  const rows = await front.failed(3);
  const asked = await front.dryRun(rows);
  await byAnother(front.world, rows[1]);
  await front.approve(asked);
  await front.ends(asked);
  expect((await front.outcomesOf(asked)).map((one) => one.reason ?? one.outcome)).toEqual([
    ...['success', 'project_already_exists', 'success'],
  ]);
  expect(callsFor(front, rows).flatMap(({ named }) => named)).not.toContain(rows[1]?.uuid);
  expect(await projectsOf(front.world, rows)).toEqual([1, 1, 1]);
});

it('one that somebody makes while its row is on the way there is the endpoint’s to find', async () => {
  const rows = await front.failed(3);
  await front.goesWrong({ kind: 'slow', ms: 0 }, { kind: 'slow', ms: 2000 });
  const asked = await front.run(rows);
  await front.untilSent(2);
  await byAnother(front.world, rows[1]);
  await front.ends(asked);
  expect((await front.outcomesOf(asked)).map((one) => one.reason ?? one.outcome)).toEqual([
    ...['success', 'project_already_exists', 'success'],
  ]);
  expect(await front.books(asked)).toMatchObject({ projects: { 1: 3 }, sent: 0, disagreements: [] });
});

it('rows that are locked while they are marked deadlock nobody: two batches of the same triggers, crosswise', async () => {
  const ramp = await front.world.ramp();
  const made: Execution[][] = [[], []];
  // Trigger by trigger, the one batch's row is the older one and then the other's.
  for (let trigger = 0; trigger < 40; trigger += 1)
    for (const which of [0, 1])
      made[(trigger + which) % 2]?.push(
        ...(await front.failed(1, { ramp, triggerKey: `crosswise-${(trigger * 7) % 40}-${trigger % 2}` })),
      );
  const asked = [await front.dryRun(made[0] ?? []), await front.dryRun(made[1] ?? [])];
  await Promise.all(asked.map((one) => front.approve(one)));
  await Promise.all(asked.map((one) => front.ends(one)));
  for (const one of asked) expect(await front.books(one)).toMatchObject({ sent: 0, disagreements: [] });
  const interrupted = [front.bot, front.second].flatMap((bot) =>
    bot.log().filter((line) => line.msg === 'run interrupted'),
  );
  expect(interrupted).toEqual([]);
});
