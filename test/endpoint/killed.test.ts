// The bot's process ends at named moments of a call, and another one goes on: it settles what is with the application before
// it sends anything.

import type { AddressInfo } from 'node:net';
import { createServer } from 'node:net';
import { held, holder } from '../support/locks.ts';
import type { BotProcess } from '../support/process.ts';
import { atTheEnd, shared } from '../support/shared.ts';
import { until } from '../support/until.ts';
import type { Execution } from '../support/world.ts';
import { callsFor, expectEachOnce, lastFails, replaysOf } from './aftermath.ts';
import { type Asked, openFront } from './front.ts';

const front = shared(() => openFront());

const CANARY = { kind: 'slow', ms: 0 } as const;

/** Long enough to be there at the moment, whatever the machine does. */
const PATIENT = { REPLAY_TIMEOUT_SECONDS: '20' };
const HASTY = { REPLAY_TIMEOUT_SECONDS: '2' };

let bot: BotProcess;

beforeAll(() => {
  bot = front.bot;
});

/** Resolves when the application has the second call of these rows and has not answered it. */
function untilAtWork(rows: readonly Execution[]): Promise<unknown> {
  return until('the application is at work on the second call', () => {
    const second = callsFor(front, rows)[1];
    return second !== undefined && second.answer === null;
  });
}

/** Takes connections and never says a word: a TLS handshake there has no end. */
async function silentServer(): Promise<string> {
  const server = createServer(() => {});
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  atTheEnd(() => server.close());
  return `https://127.0.0.1:${(server.address() as AddressInfo).port}/api/ramps/executions/retry-batch`;
}

/** The rows of a run, held at the moment; what lets go of it afterwards. */
type Moment = (
  rows: readonly Execution[],
  start: () => Promise<Asked>,
) => Promise<[Asked, () => Promise<void>]>;

const nothing = async () => {};

const beforeMarking: Moment = async (_, start) => {
  bot = await front.replace(bot, PATIENT);
  const lock = await holder(front.world);
  await lock.take('lock table retry_batch.sent_rows in exclusive mode');
  const asked = await start();
  await held(front.world, /with going as materialized/);
  return [asked, lock.release];
};

const markedAndNotSent: Moment = async (_, start) => {
  bot = await front.replace(bot, { ...PATIENT, REPLAY_URL: await silentServer() });
  const asked = await start();
  await front.untilSent(1);
  return [asked, nothing];
};

const atWork: Moment = async (rows, start) => {
  bot = await front.replace(bot, PATIENT);
  await front.goesWrong(CANARY, { kind: 'slow', ms: 1500 });
  const asked = await start();
  await untilAtWork(rows);
  return [asked, nothing];
};

const answeredAndNotSettled: Moment = async (rows, start) => {
  const [asked] = await atWork(rows, start);
  const lock = await holder(front.world);
  await lock.take('select from retry_batch.plan_rows where sent_call is not null for update');
  await held(front.world, /with told as materialized/);
  return [asked, lock.release];
};

const halfSettled: Moment = async (rows, start) => {
  bot = await front.replace(bot, PATIENT);
  await front.goesWrong(CANARY, { kind: 'crash', after_rows: 2 });
  const asked = await start();
  await until('a part of the second call is settled', async () => {
    const { done, sent } = await front.world.one<{ done: number; sent: number }>(
      `select count(outcome) as done, (select count(*) from retry_batch.sent_rows) as sent
       from retry_batch.plan_rows where batch_id = $1`,
      [asked.batchId],
    );
    return done === 3 && sent === rows.length - 3;
  });
  return [asked, nothing];
};

describe('a bot is killed, another one takes over, and each row is replayed once, when', () => {
  it.each<[string, Moment]>([
    ['it has chosen rows and not marked them', beforeMarking],
    ['it has marked them and not sent its call', markedAndNotSent],
    ['the application is at work', atWork],
    ['the application has answered and nothing is settled', answeredAndNotSettled],
    ['a part of the call is settled', halfSettled],
  ])('%s', async (_, hold) => {
    const rows = await lastFails(front, 5);
    const [asked, letGo] = await hold(rows, () => front.run(rows));
    bot.kill('SIGKILL');
    await bot.exited;
    await letGo();
    bot = await front.start(HASTY);
    await front.ends(asked);
    await expectEachOnce(front, asked, rows);
  });
});

it('whoever takes over sends nothing before the rows of the dead one’s call are settled', async () => {
  bot = await front.replace(bot, PATIENT);
  const rows = await front.failed(30);
  await front.goesWrong(CANARY, { kind: 'slow', ms: 12_000 });
  const asked = await front.run(rows);
  await untilAtWork(rows);
  bot = await front.replace(bot, PATIENT);
  await front.ends(asked);
  const [, second, third] = callsFor(front, rows);
  expect(second?.named).toHaveLength(25);
  expect(Date.parse(third?.at ?? '')).toBeGreaterThanOrEqual(Date.parse(second?.answered_at ?? ''));
  expect(await front.books(asked)).toEqual(front.eachOnce(30));
});

it('failures in the dead one’s call count for the breaker before anything more is sent', async () => {
  bot = await front.replace(bot, PATIENT);
  const [bad, good] = [await front.world.ramp(), await front.world.ramp()];
  const payload = { account: { id: '', name: 'No id' } };
  const rows = [
    ...(await front.failed(1, { ramp: bad })),
    ...(await front.failed(3, { ramp: bad, createdAt: '2026-05-11T12:32:00Z', payload })),
    ...(await front.failed(25, { ramp: good, createdAt: '2026-05-11T12:33:00Z' })),
    ...(await front.failed(4, { ramp: bad, createdAt: '2026-05-11T12:34:00Z' })),
  ];
  await front.goesWrong(CANARY, { kind: 'slow', ms: 3000 });
  const asked = await front.run(rows);
  await untilAtWork(rows);
  bot = await front.replace(bot, PATIENT);
  await front.ends(asked);
  expect((await front.books(asked)).outcomes).toEqual({ success: 26, error: 3, not_reached: 4 });
});

it('a bot that is told to stop leaves within ten seconds; its rows stay sent, and the next one settles them first', async () => {
  bot = await front.replace(bot, PATIENT);
  const rows = await front.failed(30);
  await front.goesWrong(CANARY, { kind: 'slow', ms: 14_000 });
  const asked = await front.run(rows);
  await untilAtWork(rows);
  const before = Date.now();
  bot.kill('SIGTERM');
  expect(await bot.exited).toEqual({ code: 0, signal: null });
  // Ten seconds, and a breath for a machine that has much to do.
  expect(Date.now() - before).toBeLessThan(14_000);
  expect(await front.books(asked)).toMatchObject({ outcomes: { success: 1, open: 29 }, sent: 25 });
  bot = await front.start(PATIENT);
  await front.ends(asked);
  expect(callsFor(front, rows).map(({ named }) => named.length)).toEqual([1, 25, 4]);
  expect(await front.books(asked)).toEqual(front.eachOnce(30));
  expect(replaysOf(front, rows)).toEqual(rows.map(() => 1));
});

it('one that is told to stop between two calls begins no other', async () => {
  bot = await front.replace(bot, PATIENT);
  const rows = await front.failed(30);
  await front.goesWrong(CANARY, { kind: 'slow', ms: 2000 });
  const asked = await front.run(rows);
  await untilAtWork(rows);
  bot.kill('SIGTERM');
  expect(await bot.exited).toEqual({ code: 0, signal: null });
  expect(await front.books(asked)).toMatchObject({ outcomes: { success: 26, open: 4 }, sent: 0 });
  bot = await front.start(PATIENT);
  await front.ends(asked);
  expect(await front.books(asked)).toEqual(front.eachOnce(30));
});

it('nobody’s call is forgotten while its run is paused: what it kept from others is free again', async () => {
  bot = await front.replace(bot, PATIENT);
  const rows = await front.failed(3);
  await front.goesWrong(CANARY, { kind: 'slow', ms: 8000 });
  const asked = await front.run(rows);
  await untilAtWork(rows);
  await front.decide(asked, 'pause');
  // A click is acknowledged before it has been acted upon.
  await front.becomes(asked, 'paused');
  bot = await front.replace(bot, PATIENT);
  await until('its rows are settled', async () => (await front.books(asked)).sent === 0);
  expect(await front.books(asked)).toMatchObject({ outcomes: { success: 3 } });
  await front.becomes(asked, 'paused');
  await front.decide(asked, 'resume');
  await front.ends(asked);
  expect(await front.books(asked)).toEqual(front.eachOnce(3));
});
