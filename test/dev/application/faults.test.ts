// The application's bad days, each on order and each once: what it did, what it said, what it still knows afterwards.
import { randomUUID } from 'node:crypto';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { FaultOrder } from '../../../src/dev/application/faults.ts';
import { applicationOf, call } from '../../endpoint/application.ts';
import { shared } from '../../support/shared.ts';
import { until } from '../../support/until.ts';
import { createWorld, type Execution } from '../../support/world.ts';

const world = shared(createWorld);
const application = shared(() => applicationOf(world, { restarts: true }));

/** Failed executions, in the order of their turns. */
async function failed(count: number): Promise<Execution[]> {
  const ramp = await world.ramp();
  const made: Execution[] = [];
  for (let n = 0; n < count; n += 1) {
    made.push(await world.execution({ ramp, createdAt: `2026-05-11T12:31:0${n}Z` }));
  }
  return made;
}

const retry = (rows: readonly Execution[], more: object = {}, signal: AbortSignal | null = null) =>
  call(
    application,
    { execution_uuids: rows.map(({ uuid }) => uuid), suppress_notifications: true, dry_run: false, ...more },
    undefined,
    signal,
  );

/** `SUCCESS 1 1`: its status, its projects and its entries of the history. */
const states = async (rows: readonly Execution[]) => {
  const found = await world.sql<{ state: string }>(
    `select concat_ws(' ', status_code, (select count(*) from or_projects where execution_id = e.id),
       (select count(*) from or_workflow_history where execution_id = e.id)) as state
     from or_ramp_executions e where id = any ($1) order by id`,
    [rows.map(({ id }) => id)],
  );
  return found.map(({ state }) => state);
};

const DONE = 'SUCCESS 1 1';
const OPEN = 'ERROR 0 0';

const lastCall = () => application.calls().at(-1);

/** The last call once the journal has its answer: that is written when the caller may know it already. */
const answeredCall = () =>
  until('the journal has the answer', () => {
    const call = lastCall();
    return typeof call?.answered_at === 'string' ? call : undefined;
  });

const serves = () =>
  until('the application serves', () =>
    fetch(application.url).then(
      (answer) => answer.status === 404,
      () => false,
    ),
  );

it.each([false, true])(
  'loses an answer to what it has done, after its headers: %s',
  async (after_headers) => {
    const rows = await failed(2);
    await application.faults({ kind: 'answer_lost', after_headers });
    await expect(retry(rows)).rejects.toThrow();
    expect(await states(rows)).toEqual([DONE, DONE]);
    expect(await answeredCall()).toMatchObject({
      faults: ['answer_lost'],
      answer: { kind: 'cut', status: after_headers ? 200 : null },
      rows: rows.map(({ uuid }) => ({ execution_uuid: uuid, outcome: 'success' })),
    });
    expect(application.ordered()).toEqual([]);
  },
);

it('crashes between two rows, is started again, and still knows the call and what it is ordered to', async () => {
  const rows = await failed(3);
  await application.faults({ kind: 'crash', after_rows: 2 }, { kind: 'lie_nothing' });
  const { exited } = application;
  await expect(retry(rows)).rejects.toThrow();
  expect(await exited).toEqual({ code: 1, signal: null });
  await serves();
  expect(await states(rows)).toEqual([DONE, DONE, OPEN]);
  expect(lastCall()).toMatchObject({ faults: ['crash'], rows: [{}, {}], answer: null });
  expect(application.ordered()).toMatchObject([{ fault: { kind: 'lie_nothing' } }]);
  await application.removeFault();
  expect(application.ordered()).toEqual([]);
});

it('answers with whatever status, headers and body, before the work or after it', async () => {
  const rows = await failed(1);
  await application.faults(
    { kind: 'status', status: 429, headers: { 'Retry-After': '7' } },
    { kind: 'status', status: 422, body: { error: 'unprocessable', issues: [] } },
    { kind: 'status', status: 502, body: '<h1>Bad Gateway</h1>', when: 'after' },
  );
  const limited = await retry(rows);
  expect([limited.status, limited.headers.get('retry-after'), limited.text]).toEqual([429, '7', '']);
  expect(await retry(rows)).toMatchObject({ status: 422, json: { error: 'unprocessable', issues: [] } });
  expect(await states(rows)).toEqual([OPEN]);
  const page = await retry(rows);
  expect([page.status, page.headers.get('content-type')]).toEqual([502, 'text/html; charset=utf-8']);
  expect(await states(rows)).toEqual([DONE]);
});

/** When the rows of the last call were replayed, and when it came and was answered. */
async function times(rows: readonly Execution[]) {
  const { at } = await world.one<{ at: Date }>(
    'select min(created_at) as at from or_workflow_history where execution_id = any ($1)',
    [rows.map(({ id }) => id)],
  );
  const { at: came, answered_at: answered } = await answeredCall();
  return { came: Date.parse(came), replayed: at.getTime(), answered: Date.parse(answered ?? '') };
}

it('is slow before the work, and works on when its caller has hung up', async () => {
  const rows = await failed(1);
  await application.faults({ kind: 'slow', ms: 300 });
  const hangUp = new AbortController();
  const answering = retry(rows, {}, hangUp.signal).catch(() => 'hung up');
  await until('the call is there', () => lastCall()?.faults.includes('slow'));
  hangUp.abort();
  expect(await answering).toBe('hung up');
  await answeredCall();
  expect(await states(rows)).toEqual([DONE]);
  expect(lastCall()?.hung_up).toBe(true);
  const { came, replayed } = await times(rows);
  expect(replayed - came).toBeGreaterThan(290);
});

it('is slow with the answer only', async () => {
  const rows = await failed(1);
  await application.faults({ kind: 'slow', ms: 300, when: 'after' });
  expect((await retry(rows)).json.summary).toMatchObject({ success: 1 });
  const { replayed, answered } = await times(rows);
  expect(answered - replayed).toBeGreaterThan(290);
});

it('lies: that all was done, and that nothing was', async () => {
  const rows = await failed(2);
  await application.faults({ kind: 'lie_success' }, { kind: 'lie_nothing' });
  expect((await retry(rows)).json.summary).toMatchObject({ success: 2 });
  expect(await states(rows)).toEqual([OPEN, OPEN]);
  expect((await retry(rows)).json).toMatchObject({ matched: 0, eligible: [], summary: { success: 0 } });
  expect(await states(rows)).toEqual([DONE, DONE]);
});

it('skips rows for a reason that nobody knows, in a dry run only where it is ordered for one', async () => {
  const rows = await failed(2);
  await application.faults({ kind: 'skip_reason', execution_uuids: [rows[0]?.uuid ?? ''] });
  expect((await retry(rows, { dry_run: true })).json.skipped).toEqual([]);
  expect((await retry(rows)).json).toMatchObject({
    skipped: [{ execution_uuid: rows[0]?.uuid, reason: 'customer_under_review' }],
    summary: { success: 1, skipped: 1 },
  });
  await application.faults({ kind: 'skip_reason', reason: 'new_one', dry_run: true });
  expect((await retry(rows.slice(0, 1), { dry_run: true })).json.skipped).toMatchObject([
    { reason: 'new_one' },
  ]);
});

it('sends an answer that has no end in sight, as long as it is read', async () => {
  await application.faults({ kind: 'huge', megabytes: 4 }, { kind: 'huge', megabytes: 300 });
  const rows = await failed(1);
  expect((await retry(rows)).text.length).toBe(4_000_026);
  const { endpoint, apiKey, apiSecret } = application;
  const headers = { authorization: apiKey, 'or-internal-api-auth-secret': apiSecret };
  const answer = await fetch(endpoint, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify({ execution_uuids: [randomUUID()], dry_run: false }),
  });
  await answer.body?.cancel();
  expect((await answeredCall()).answer).toMatchObject({ kind: 'sent', status: 200 });
});

it('sends its caller elsewhere, and knows who went there', async () => {
  await application.faults({ kind: 'redirect' });
  const answer = await retry(await failed(1));
  expect(answer.status).toBe(307);
  const location = answer.headers.get('location') ?? '';
  await fetch(location, { method: 'POST' });
  expect(await answeredCall()).toMatchObject({
    url: expect.stringContaining('?redirected'),
    answer: { status: 401 },
  });
});

it.each(['cut', 'exit'] as const)('has a row that no call survives, until it is removed: %s', async (how) => {
  const rows = await failed(3);
  const [id] = await application.faults({ kind: 'poison', execution_uuid: rows[1]?.uuid ?? '', how });
  await expect(retry(rows)).rejects.toThrow();
  await serves();
  expect(await states(rows)).toEqual([DONE, OPEN, OPEN]);
  await expect(retry(rows.slice(1))).rejects.toThrow();
  await serves();
  expect((await retry(rows.slice(2))).json.summary).toMatchObject({ success: 1 });
  await application.removeFault(id);
  expect((await retry(rows.slice(1, 2))).json.summary).toMatchObject({ success: 1 });
  expect(await states(rows)).toEqual([DONE, DONE, DONE]);
});

it.each<
  [string, Omit<Extract<FaultOrder, { kind: 'refuse_row' }>, 'kind' | 'execution_uuid'>, string, unknown]
>([
  ['with log and history', {}, 'ERROR 0 1', { class: 'RefusedByApplication', message: expect.any(String) }],
  ['with an entry that does not say why', { tells: ['history'] }, 'ERROR 0 1', null],
  ['silently', { how: 'silently' }, OPEN, null],
])('refuses a row %s', async (_, how, state, error) => {
  const rows = await failed(2);
  await application.faults({ kind: 'refuse_row', execution_uuid: rows[0]?.uuid ?? '', ...how });
  expect((await retry(rows)).json.summary).toMatchObject({ success: 1, error: state === OPEN ? 0 : 1 });
  expect(await states(rows)).toEqual([state, DONE]);
  const [told] = await world.sql<{ error: unknown }>(
    `select details -> 'error' as error from or_workflow_history where execution_id = $1`,
    [rows[0]?.id],
  );
  expect(told?.error ?? null).toEqual(error);
});

it('does one half of a replay: a project without SUCCESS, SUCCESS without a project', async () => {
  const rows = await failed(2);
  await application.faults(
    { kind: 'only_project', execution_uuid: rows[0]?.uuid ?? '' },
    { kind: 'only_success', execution_uuid: rows[1]?.uuid ?? '', history: true },
  );
  await retry(rows);
  expect(await states(rows)).toEqual(['ERROR 1 0', 'SUCCESS 0 1']);
});

it('is dead when it is killed, until it is started', async () => {
  application.kill('SIGKILL');
  expect(await application.exited).toMatchObject({ signal: 'SIGKILL' });
  const rows = await failed(1);
  await expect(retry(rows)).rejects.toMatchObject({ cause: { code: 'ECONNREFUSED' } });
  await application.start();
  expect((await retry(rows)).json.summary).toMatchObject({ success: 1 });
});

it('takes no order without the secret, nor one that it does not know', async () => {
  const order = (secret: string) =>
    fetch(`${application.url}/stand-in/faults`, {
      method: 'POST',
      headers: { authorization: application.apiKey, 'or-internal-api-auth-secret': secret },
      body: '{"kind": "earthquake"}',
    });
  expect((await order('another')).status).toBe(401);
  expect((await order(application.apiSecret)).status).toBe(400);
});

it("calls the customer's webhook, unless it is told to be quiet", async () => {
  const heard: string[] = [];
  const crm = createServer((request, response) => {
    heard.push(String(request.headers['webhook-signature']));
    response.end();
  }).listen(0, '127.0.0.1');
  await until('the CRM listens', () => crm.listening);
  const webhook = `http://127.0.0.1:${(crm.address() as AddressInfo).port}`;
  const ramp = await world.ramp({ vendorId: await world.vendor({ webhook, secret: 'shared' }) });
  const rows = [await world.execution({ ramp }), await world.execution({ ramp })];
  await retry(rows.slice(0, 1));
  await retry(rows.slice(1), { suppress_notifications: false });
  await until('the CRM was called', () => heard.length > 0);
  crm.close();
  expect(heard).toEqual([expect.stringMatching(/^v1,/)]);
});
