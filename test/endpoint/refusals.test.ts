// Answers that refuse: what is waited out, what has the run pause and ask, and what of an answer is shown.
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { FaultOrder } from '../../src/dev/application/faults.ts';
import { atTheEnd, shared } from '../support/shared.ts';
import { until } from '../support/until.ts';
import { callsFor, expectEachOnce, lastFails, pausedWhy, untilSaid } from './aftermath.ts';
import { type Asked, openFront } from './front.ts';

const front = shared(() => openFront({ environment: { REPLAY_TIMEOUT_SECONDS: '2' } }));

/** A busy endpoint, for so many calls. */
const busy = (status: number, retryAfter: string | null, times = 1): FaultOrder => ({
  ...{ kind: 'status', status, times, body: '<h1>busy-host-9</h1>' },
  headers: retryAfter === null ? {} : { 'Retry-After': retryAfter },
});

/** Resolves when the run has been told to wait so often. */
async function untilRefused(rows: Awaited<ReturnType<typeof lastFails>>, times: number): Promise<void> {
  await until(`${times} calls were refused`, () => {
    return callsFor(front, rows).filter((one) => one.faults.includes('status')).length >= times;
  });
}

const brake = (on: boolean) => front.world.sql('update retry_batch.brake set is_on = $1', [on]);

describe('a busy endpoint is waited out, and no row counts as tried, where it answers', () => {
  it.each<[string, FaultOrder]>([
    ['429 with seconds', busy(429, '1', 4)],
    ['503 with a date', busy(503, new Date(Date.now() + 1000).toUTCString(), 4)],
    ['429 with a date that has gone by', busy(429, 'Mon, 11 May 2026 12:00:00 GMT', 4)],
    ['503 with 0', busy(503, '0', 4)],
    ['429 without', busy(429, null)],
    ['503 without', busy(503, null)],
  ])('%s', async (_, fault) => {
    const rows = await lastFails(front, 2);
    await front.goesWrong(fault);
    const asked = await front.run(rows);
    await front.ends(asked);
    await expectEachOnce(front, asked, rows);
    expect((await front.outcomesOf(asked)).map((one) => one.tries)).toEqual([null, null, null]);
    expect(front.said(asked)).not.toContain('busy-host-9');
  });
});

it('an endpoint that asks for no time at all is not called in a tight loop', async () => {
  const rows = await front.failed(1);
  await front.goesWrong(busy(429, '0', 3));
  const asked = await front.run(rows);
  await front.ends(asked);
  const times = callsFor(front, rows).map((one) => Date.parse(one.at));
  const gaps = times.slice(1).map((at, nth) => at - (times[nth] ?? 0));
  expect(Math.min(...gaps)).toBeGreaterThan(900);
});

describe('while a busy endpoint is waited for', () => {
  let asked: Asked;
  let rows: Awaited<ReturnType<typeof lastFails>>;

  beforeEach(async () => {
    rows = await front.failed(3);
    await front.goesWrong(busy(503, '590', 1));
    asked = await front.run(rows);
    await untilRefused(rows, 1);
  });

  it('Pause acts, and Resume goes on at once', async () => {
    await front.decide(asked, 'pause');
    await front.becomes(asked, 'paused');
    await front.decide(asked, 'resume');
    await front.ends(asked);
    expect(await front.books(asked)).toEqual(front.eachOnce(3));
  });

  it('Stop ends the run, and nothing was tried', async () => {
    await front.decide(asked, 'stop');
    await front.ends(asked, 'stopped');
    expect(await front.books(asked)).toMatchObject({
      outcomes: { not_reached: 3 },
      sent: 0,
      disagreements: [],
    });
    expect(callsFor(front, rows)).toHaveLength(1);
  });
});

it('the brake acts while a busy endpoint is waited for: nothing is called until it is off again', async () => {
  const rows = await front.failed(3);
  await front.goesWrong(busy(503, '2'));
  const asked = await front.run(rows);
  await untilRefused(rows, 1);
  await brake(true);
  const since = Date.now();
  await until('the endpoint might be called again', () => Date.now() > since + 4000);
  expect(callsFor(front, rows)).toHaveLength(1);
  await brake(false);
  await front.ends(asked);
  expect(await front.books(asked)).toEqual(front.eachOnce(3));
});

describe('the run pauses, says why, leaves its rows open, and goes on when it is resumed, where the endpoint answers', () => {
  it.each<[string, FaultOrder, string]>([
    ['401', { kind: 'status', status: 401, body: '<h1>hidden</h1>' }, "refuses the bot's key (401)"],
    ['403', { kind: 'status', status: 403, body: { error: 'hidden' } }, "refuses the bot's key (403)"],
    [
      '400 with what is wrong',
      {
        ...{ kind: 'status', status: 400 },
        body: {
          error: 'invalid_request',
          issues: [{ path: 'error_pattern', message: 'jane.doe@acme.example used xoxb-1234567890-hidden' }],
          debug: 'hidden',
        },
      },
      'the endpoint refuses the call (400): invalid_request; error_pattern j•••@acme.example used',
    ],
    [
      '404 with a page',
      { kind: 'status', status: 404, body: '<h1>hidden</h1>' },
      'the endpoint refuses the call (404)',
    ],
    ['409 without a word', { kind: 'status', status: 409 }, 'the endpoint refuses the call (409)'],
    ['302', { kind: 'redirect', status: 302 }, 'answers with a redirect (302): set REPLAY_URL'],
    ['307', { kind: 'redirect', status: 307 }, 'answers with a redirect (307): set REPLAY_URL'],
  ])('%s', async (_, fault, why) => {
    const rows = await front.failed(3);
    await front.goesWrong(fault);
    const asked = await front.run(rows);
    expect(await pausedWhy(front, asked)).toContain(why);
    expect(await front.books(asked)).toMatchObject({ outcomes: { open: 3 }, sent: 0 });
    const said = await untilSaid(front, asked, 'Paused by the bot itself');
    expect(said).not.toContain('hidden');
    expect((await (await fetch(`${front.bot.url}/readyz`)).text()).includes('hidden')).toBe(false);
    expect(front.application.calls().filter((one) => one.url.includes('redirected'))).toEqual([]);
    await front.decide(asked, 'resume');
    await front.ends(asked);
    expect(await front.books(asked)).toEqual(front.eachOnce(3));
    expect((await front.outcomesOf(asked)).map((one) => one.tries)).toEqual([null, null, null]);
  });
});

it('a redirect to another host gets neither the key nor a connection', async () => {
  const got: string[] = [];
  const elsewhere = createServer((request, response) => {
    got.push(JSON.stringify(request.headers));
    response.end('{}');
  });
  await new Promise<void>((resolve) => elsewhere.listen(0, '127.0.0.1', resolve));
  atTheEnd(() => new Promise((resolve) => elsewhere.close(resolve)));
  const { port } = elsewhere.address() as AddressInfo;
  const rows = await front.failed(2);
  await front.goesWrong({ kind: 'redirect', location: `http://127.0.0.1:${port}/take-over` });
  const asked = await front.run(rows);
  await front.becomes(asked, 'paused');
  expect(got).toEqual([]);
  await front.decide(asked, 'resume');
  await front.ends(asked);
  expect(await front.books(asked)).toEqual(front.eachOnce(2));
});

it('an endpoint that is dead is called three times; then the run asks, and goes on when the endpoint lives', async () => {
  const rows = await front.failed(30);
  const asked = await front.dryRun(rows);
  front.application.kill('SIGKILL');
  await front.application.exited;
  await front.approve(asked);
  expect(await pausedWhy(front, asked)).toBe(
    '3 calls in a row brought no outcome; the last: the connection was refused',
  );
  const { calls, tried } = await front.world.one<{ calls: number; tried: number }>(
    `select (select count(*) from retry_batch.sent_rows) as calls, count(*) filter (where tries is not null) as tried
     from retry_batch.plan_rows where batch_id = $1`,
    [asked.batchId],
  );
  expect({ calls, tried }).toEqual({ calls: 0, tried: 0 });
  const page = async (path: string) => (await fetch(`${front.bot.url}${path}`)).text();
  // Both pages are read anew once a second.
  await until('the metrics count the calls', async () =>
    /^retry_batch_endpoint_calls_total\{status="not_sent"\} 3$/m.test(await page('/metrics')),
  );
  await until('the health page names the trouble', async () =>
    (await page('/readyz')).includes("can't be reached: the connection was refused"),
  );
  expect((await fetch(`${front.bot.url}/readyz`)).status).toBe(200);
  await front.application.start();
  await front.decide(asked, 'resume');
  await front.ends(asked);
  expect(await front.books(asked)).toEqual(front.eachOnce(30));
});

it('rows that the filters take out at their turn are no sign that a dead endpoint lives', async () => {
  const rows = await front.failed(90);
  const asked = await front.dryRun(rows);
  await front.world.sql(
    `update or_ramp_executions set status_code = 'SUCCESS' where id = any ($1) and id % 5 = 0 and id <> $2`,
    [rows.map((row) => row.id), rows[0]?.id],
  );
  await front.goesWrong({ kind: 'slow', ms: 0 }, { kind: 'slow', ms: 60_000 });
  await front.approve(asked);
  await until('the endpoint is at work', () => callsFor(front, rows).length === 2);
  front.application.kill('SIGKILL');
  await front.application.exited;
  expect(await pausedWhy(front, asked)).toContain('3 calls in a row brought no outcome');
  const { skipped, open } = (await front.books(asked)).outcomes;
  // Of the first three calls' rows alone.
  expect(Number(skipped)).toBeLessThan(17);
  expect(Number(open)).toBeGreaterThan(65);
  await front.application.start();
  await front.decide(asked, 'resume');
  await front.ends(asked);
  const books = await front.books(asked);
  expect(books).toMatchObject({ sent: 0, disagreements: [] });
  expect(Number(books.outcomes.success) + Number(books.outcomes.skipped)).toBe(90);
});
