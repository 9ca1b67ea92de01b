// Any JSON, and what only looks like it, as the body of the runbook's call: it is the request that its fields say, or it
// is refused with the name of every field that is wrong. The rules are written down here a second time.
import { Agent, request } from 'node:http';
import fc from 'fast-check';
import type { Answered } from '../support/app.ts';
import { sharedCaller } from '../support/caller.ts';
import { cases } from '../support/cases.ts';
import { ENDPOINT } from '../support/http.ts';

const AT_ONCE = 50;
const CASES = cases(10_000);

const { world, app, admin } = sharedCaller();
const agent = new Agent({ keepAlive: true, maxSockets: AT_ONCE });

beforeAll(async () => {
  const ramp = await world.ramp();
  // Of the future, where no window goes that ends in 2004 or now: a request that is accepted, and run, replays nothing.
  for (let i = 0; i < 3; i += 1) await world.execution({ ramp, createdAt: '2999-05-11T12:31:00Z' });
});

afterAll(async () => {
  agent.destroy();
});

/** One call on a connection that is kept: ten thousand of their own would be most of the work. */
function ask(body: string): Promise<Answered> {
  const headers = { ...admin, 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) };
  return new Promise((resolve, reject) => {
    const outgoing = request(`${app.url}${ENDPOINT}`, { method: 'POST', headers, agent }, (answer) => {
      const parts: Buffer[] = [];
      answer.on('data', (part: Buffer) => parts.push(part));
      answer.on('end', () =>
        resolve({ status: answer.statusCode ?? 0, body: JSON.parse(Buffer.concat(parts).toString()) }),
      );
    });
    outgoing.on('error', reject);
    outgoing.end(body);
  });
}

/** Moments as the contract lets them be written, and what they mean. */
const MOMENTS: Readonly<Record<string, string>> = {
  '2001-05-11T12:30:00Z': '2001-05-11T12:30:00.000000Z',
  '2001-05-11T14:30:00.000001+02:00': '2001-05-11T12:30:00.000001Z',
  '2001-05-11t12:30:00.1z': '2001-05-11T12:30:00.100000Z',
  '0001-01-01T00:00:00Z': '0001-01-01T00:00:00.000000Z',
  '2004-02-29T23:59:59.999999Z': '2004-02-29T23:59:59.999999Z',
};
const UUIDS = ['0b8c4c52-6a1f-4d0e-8f3a-2d9b7c5e4a31', '5F1E8C1A-3B9D-4F57-9A44-0C2D6F1B7E10'];
const isUuid = (value: unknown) =>
  typeof value === 'string' && /^[\da-f]{8}-[\da-f]{4}-[\da-f]{4}-[\da-f]{4}-[\da-f]{12}$/i.test(value);
const isId = (value: unknown) => Number.isSafeInteger(value) && Number(value) > 0;
const listOf = (is: (value: unknown) => boolean) => (value: unknown) =>
  Array.isArray(value) && value.length > 0 && value.every(is);
const isFlag = (value: unknown) => value === true || value === false;
const isMoment = (value: unknown) => typeof value === 'string' && Object.hasOwn(MOMENTS, value);
const isPattern = (value: unknown) =>
  typeof value === 'string' && /^[^\0\p{Surrogate}]{1,500}$/su.test(value);

const RULES: Readonly<Record<string, (value: unknown) => boolean>> = {
  since: isMoment,
  until: isMoment,
  vendor_ids: listOf(isId),
  ramp_uuids: listOf(isUuid),
  execution_uuids: listOf(isUuid),
  error_pattern: isPattern,
  suppress_notifications: isFlag,
  force_retry: isFlag,
  dry_run: isFlag,
};

/** Every field that is wrong, by the contract's words. */
function wrongFields(body: unknown): Set<string> {
  if (typeof body !== 'object' || body === null || Array.isArray(body)) return new Set(['']);
  const given = new Map(Object.entries(body));
  const wrong = new Set([...given].filter(([name, value]) => !ruleOf(name)(value)).map(([name]) => name));
  if (given.has('execution_uuids')) {
    for (const name of ['since', 'until']) if (given.has(name)) wrong.add(name);
    return wrong;
  }
  const [since, until] = [momentOf(given.get('since')), momentOf(given.get('until'))];
  if (!given.has('since') || (since !== null && until !== null && since >= until)) wrong.add('since');
  return wrong;
}

const ruleOf = (name: string) => (Object.hasOwn(RULES, name) ? RULES[name] : undefined) ?? (() => false);
const momentOf = (value: unknown) => (isMoment(value) ? (MOMENTS[String(value)] ?? null) : null);

/** What a request without mistakes asks for. */
function meaning(body: Record<string, unknown>): unknown {
  const uuids = (value: unknown) =>
    value === undefined ? null : [...new Set((value as string[]).map((one) => one.toLowerCase()))];
  return {
    since: momentOf(body.since),
    until: momentOf(body.until),
    vendor_ids: body.vendor_ids === undefined ? null : [...new Set(body.vendor_ids as number[])],
    ramp_uuids: uuids(body.ramp_uuids),
    execution_uuids: uuids(body.execution_uuids),
    error_pattern: body.error_pattern ?? null,
    suppress_notifications: body.suppress_notifications ?? false,
    force_retry: body.force_retry ?? false,
    dry_run: body.dry_run ?? true,
    // Ours besides the runbook's, which nobody asks for here.
    rest_of: null,
    reason: null,
    sentry_issue: null,
  };
}

const text = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 20 }),
  fc.constantFrom(
    '',
    '\0',
    'new_task',
    'a\0b',
    '\ud83d',
    'x\udc00',
    '%_\\*',
    '💥'.repeat(500),
    'x'.repeat(501),
  ),
);
const json = fc.oneof(fc.jsonValue({ stringUnit: 'binary', maxDepth: 3 }), text);
const number = fc.oneof(
  fc.integer({ min: 1, max: 9 }),
  fc.constantFrom(0, -1, 1.5, 2 ** 53, 1e308, 2 ** 53 - 1),
);
const moment = fc.constantFrom(
  ...Object.keys(MOMENTS),
  '2001-05-11',
  '2001-02-29T00:00:00Z',
  '2001-05-11T12:30:00',
);
const list = (item: fc.Arbitrary<unknown>) =>
  fc.array(fc.oneof({ weight: 6, arbitrary: item }, { weight: 1, arbitrary: json }), { maxLength: 4 });
const uuids = list(fc.constantFrom(...UUIDS));
/** A value that nearly is the field's, or anything. */
const value = (near: fc.Arbitrary<unknown>) =>
  fc.oneof({ weight: 6, arbitrary: near }, { weight: 1, arbitrary: json });

const fields = fc.record(
  {
    since: value(moment),
    until: value(moment),
    vendor_ids: value(list(number)),
    ramp_uuids: value(uuids),
    execution_uuids: value(uuids),
    error_pattern: value(text),
    suppress_notifications: value(fc.boolean()),
    force_retry: value(fc.boolean()),
    dry_run: value(fc.boolean()),
  },
  { requiredKeys: [] },
);
const names = fc.oneof(
  fc.constantFrom(
    '__proto__',
    'constructor',
    'toString',
    'Since',
    'dry-run',
    'limit',
    '',
    'suppress_notification',
  ),
  text,
);
const [early, late] = Object.keys(MOMENTS)
  .filter((one) => /^0001|^2004/.test(one))
  .sort();
/** Without a mistake. */
const sound = fc
  .record(
    {
      vendor_ids: fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1, maxLength: 4 }),
      ramp_uuids: fc.array(fc.constantFrom(...UUIDS), { minLength: 1, maxLength: 4 }),
      error_pattern: fc
        .string({ unit: 'binary', minLength: 1, maxLength: 500 })
        .map((one) => one.replaceAll('\0', 'x')),
      suppress_notifications: fc.boolean(),
      force_retry: fc.boolean(),
      dry_run: fc.boolean(),
    },
    { requiredKeys: [] },
  )
  .chain((rest) =>
    fc.oneof(
      fc.constant({ since: early, until: late, ...rest }),
      fc.constantFrom(...UUIDS).map((one) => ({ ...rest, execution_uuids: [one, one.toUpperCase()] })),
    ),
  );

const stranger = fc.option(fc.tuple(names, json), { freq: 3 });
const nearly = fc.tuple(fields, stranger).map(([known, strange]) => {
  const entries = Object.entries(known);
  // As text, because `__proto__` can't be written into an object otherwise.
  const all = strange === null ? entries : [...entries, strange];
  return `{${all.map(([name, one]) => `${JSON.stringify(name)}:${JSON.stringify(one)}`).join(',')}}`;
});
const asked = fc.oneof(
  { weight: 48, arbitrary: nearly },
  { weight: 16, arbitrary: json.map((one) => JSON.stringify(one)) },
  { weight: 4, arbitrary: sound.map((one) => JSON.stringify(one)) },
  {
    weight: 8,
    arbitrary: fc.tuple(nearly, fc.nat(), text).map(([body, at, junk]) => {
      const cut = at % (body.length + 1);
      return (body.slice(0, cut) + junk + body.slice(cut)).toWellFormed();
    }),
  },
);

function parsed(body: string): { value: unknown } | null {
  try {
    return { value: JSON.parse(body) };
  } catch {
    return null;
  }
}

/** Everything of OnRamp's that a call could change, and how many batches there are. */
const snapshot = () =>
  world.one<{ onramp: unknown; batches: number }>(`select json_build_array(
    (select json_agg(e order by id) from or_ramp_executions e), (select count(*) from or_projects),
    (select count(*) from or_accounts), (select count(*) from or_workflow_history)) as onramp,
    (select count(*)::int from retry_batch.batches) as batches`);

it(`whatever JSON a call has, it asks for exactly what its fields say, or is told each that is wrong: ${CASES} times`, async () => {
  const before = await snapshot();
  const accepted = new Map<string, unknown>();
  const check = async (body: string) => {
    const answered = await ask(body);
    const whole = parsed(body);
    const wrong = whole === null ? new Set(['']) : wrongFields(whole.value);
    if (wrong.size === 0) {
      expect([body, answered.status]).toEqual([body, 200]);
      accepted.set(String(answered.body.batch_id), meaning(whole?.value as Record<string, unknown>));
      return;
    }
    expect([body, answered]).toEqual([
      body,
      { status: 400, body: { error: 'invalid_request', issues: expect.any(Array) } },
    ]);
    const issues = answered.body.issues as { path: string; message: string }[];
    expect([body, new Set(issues.map(({ path }) => path))]).toEqual([body, wrong]);
    expect(
      issues.filter((issue) => Object.keys(issue).join() !== 'path,message' || issue.message === ''),
    ).toEqual([]);
  };
  await fc.assert(
    fc.asyncProperty(
      fc.array(asked, { minLength: AT_ONCE, maxLength: AT_ONCE, size: 'max' }),
      async (bodies) => {
        await Promise.all(bodies.map(check));
      },
    ),
    // What fails is told at once: finding a smaller case takes hundreds of calls, and longer than the test may.
    { numRuns: CASES / AT_ONCE, endOnFailure: true },
  );
  const stored = await world.sql<{ id: string; request: unknown }>(
    'select id, request from retry_batch.batches',
  );
  expect(new Map(stored.map(({ id, request: what }) => [id, what]))).toEqual(accepted);
  expect(accepted.size).toBeGreaterThanOrEqual(cases(51));
  expect(await snapshot()).toEqual({ onramp: before.onramp, batches: accepted.size });
});
