// The executions of the incident, kind by kind: how many, and what is odd about them.
import { RAMPS, type Ramp } from './tenants.ts';
import { seededUuid } from './uuid.ts';

type Row = Record<string, unknown>;

export type Seeded = {
  readonly executions: Row[];
  readonly projects: Row[];
  readonly accounts: Row[];
  readonly links: Row[];
};

const REGRESSION = {
  error_type: 'UnboundLocalError',
  error_message: "cannot access local variable 'new_task' where it is not associated with a value",
};

/** Texts that a message must show as data, whatever they try. */
const HOSTILE = [
  `cannot access local variable 'new_task' <!channel> <@U0ADMIN> see <https://evil.example|Approve>`,
  'cannot access local variable `new_task`; ```rm -rf``` *bold* _it_ ~x~ @here #general',
  `cannot access local variable 'new_task' \u202Egnp.exe\u202C 🧨💥 \u200Bwith token=xoxb-1234567890-abcdef for jane.doe@acme.example`,
  `cannot access local variable 'new_task': ${'stack frame, '.repeat(250)}`.slice(0, 3000),
];

/** Writes rows with ids and times in their order; one every 20 seconds from the incident's start. */
class Writer {
  readonly seeded: Seeded = { executions: [], projects: [], accounts: [], links: [] };
  private readonly start: number;
  private readonly stepSeconds: number;
  private n = 0;

  constructor(start: string, stepSeconds: number) {
    this.start = Date.parse(start);
    this.stepSeconds = stepSeconds;
  }

  add(ramp: Ramp, offset: number, more: Row = {}): Row {
    this.n += 1;
    const id = offset + this.n;
    const at = new Date(this.start + this.n * this.stepSeconds * 1000)
      .toISOString()
      .replace('Z', `${String(id % 1000).padStart(3, '0')}Z`);
    const row: Row = {
      id,
      execution_uuid: seededUuid(`execution ${id}`),
      vendor_id: ramp.vendorId,
      ramp_id: ramp.id,
      workflow_version: ramp.versions,
      trigger_key: `salesforce:Opportunity:0065g${String(id).padStart(5, '0')}:closed_won`,
      trigger_payload: {
        account: { id: `001${String(id).padStart(6, '0')}`, name: `Customer ${id} Ltd` },
        amount: 1000 + id,
      },
      status_code: 'ERROR',
      logs: failed(at, REGRESSION),
      created_at: at,
      updated_at: at,
      finished_at: at,
      ...more,
    };
    this.seeded.executions.push(row);
    return row;
  }

  project(row: Row): void {
    const id = 9000 + this.seeded.projects.length;
    this.seeded.accounts.push({
      id,
      vendor_id: row.vendor_id,
      name: `Account of ${row.id}`,
      created_at: row.created_at,
    });
    this.seeded.projects.push({
      id,
      project_uuid: seededUuid(`project ${id}`),
      vendor_id: row.vendor_id,
      account_id: id,
      ramp_id: row.ramp_id,
      execution_id: row.id,
      name: `Made by hand for ${row.id}`,
      created_at: row.created_at,
    });
  }

  /** The customer's account exists already, live or archived. */
  account(row: Row, archived: boolean): void {
    const id = 9500 + this.seeded.links.length;
    const { account } = row.trigger_payload as { account: { id: string; name: string } };
    const times = {
      created_at: '2026-01-02T08:00:00Z',
      archived_at: archived ? '2026-03-01T08:00:00Z' : null,
    };
    this.seeded.accounts.push({ id, vendor_id: row.vendor_id, name: account.name, ...times });
    this.seeded.links.push({
      id,
      vendor_id: row.vendor_id,
      entity_type: 'account',
      external_id: account.id,
      entity_id: id,
      ...times,
    });
  }
}

function failed(at: unknown, error: { error_type: string; error_message: string }): Row[] {
  return [
    { at, level: 'info', message: 'trigger received' },
    { at, level: 'error', message: 'step create_project failed', ...error },
  ];
}

const LIVE = RAMPS.filter((ramp) => ![3, 6, 8, 9, 13].includes(ramp.id));

function rampById(id: number): Ramp {
  const found = RAMPS.find((ramp) => ramp.id === id);
  if (found === undefined) throw new Error(`no seeded ramp ${id}`);
  return found;
}

/** Every execution with its accounts and projects: about 160 in the window and as many outside it. */
export function executionsOf(): Seeded {
  const inside = new Writer('2026-05-11T12:30:05Z', 40);
  regression(inside);
  skipped(inside);
  triggers(inside);
  const before = new Writer('2026-05-10T02:00:00Z', 300);
  for (let n = 0; n < 80; n += 1) before.add(LIVE[n % LIVE.length] ?? rampById(1), 2000);
  const after = new Writer('2026-05-11T15:00:00Z', 300);
  for (let n = 0; n < 80; n += 1) after.add(LIVE[(n * 3) % LIVE.length] ?? rampById(1), 3000);
  return merge([inside.seeded, before.seeded, after.seeded]);
}

/** What the deploy broke: most of the rows, some of an older version, some with odd texts, payloads or logs. */
function regression(writer: Writer): void {
  for (let n = 0; n < 112; n += 1) {
    const ramp = LIVE[n % LIVE.length] ?? rampById(1);
    const hostile = n % 13 === 5 ? HOSTILE[Math.floor(n / 13) % HOSTILE.length] : undefined;
    const row = writer.add(ramp, 1000, {
      ...(n % 7 === 3 && ramp.versions > 1 ? { workflow_version: ramp.versions - 1 } : {}),
      ...(n % 29 === 11 ? { trigger_payload: { account: { id: `001x${n}` } } } : {}),
      ...(n === 62 ? { trigger_payload: { opportunity: 'no account at all' } } : {}),
      ...(hostile === undefined
        ? {}
        : { logs: failed('2026-05-11T12:31:00Z', { ...REGRESSION, error_message: hostile }) }),
      ...(n === 40 ? { logs: { written_by: 'an older program' } } : {}),
      ...(n === 41 ? { logs: [] } : {}),
      ...(n === 42 ? { logs: ['restarted', 'cannot access local variable'] } : {}),
    });
    if (n % 17 === 2) writer.account(row, false);
    if (n % 17 === 9) writer.account(row, true);
  }
}

/** Every reason to leave a row alone that a window can have. */
function skipped(writer: Writer): void {
  for (const id of [3, 3, 6, 6, 13, 8, 8, 9, 9, 9]) writer.add(rampById(id), 1000);
  for (let n = 0; n < 3; n += 1) writer.project(writer.add(rampById(1), 1000));
  const config = [
    { error_type: 'MissingTriggerFieldError', error_message: 'trigger field account.owner_id is missing' },
    { error_type: 'WorkflowConfigError', error_message: 'step 4 refers to a list that was removed' },
    { error_type: 'MissingRelatedAccountError', error_message: 'the opportunity has no account' },
  ];
  for (const error of [...config, ...config]) {
    writer.add(rampById(4), 1000, { logs: failed('2026-05-11T12:40:00Z', error) });
  }
  const other = [
    {
      error_type: 'TimeoutError',
      error_message: 'CRM did not answer within 30 s (request 8f14e45f-ceea-467a-9575-2c7f0f2d3c11)',
    },
    { error_type: 'RateLimitError', error_message: 'CRM says 429, retry after 17 s' },
  ];
  for (let n = 0; n < 14; n += 1) {
    const error = other[n % 2] ?? REGRESSION;
    writer.add(rampById(11), 1000, { logs: failed('2026-05-11T12:45:00Z', error) });
  }
}

/** Triggers that were fired twice: both failed, the later one succeeded, the later one is still under way. */
function triggers(writer: Writer): void {
  const twice = (ramp: Ramp, later: Row) => {
    const first = writer.add(ramp, 1000);
    writer.add(ramp, 1000, {
      trigger_key: first.trigger_key,
      trigger_payload: first.trigger_payload,
      ...later,
    });
  };
  for (const id of [1, 7]) twice(rampById(id), {});
  for (const id of [2, 12, 15]) twice(rampById(id), { status_code: 'SUCCESS', logs: [] });
  twice(rampById(5), { status_code: 'PENDING', logs: [], finished_at: null });
  twice(rampById(10), { status_code: 'RUNNING', logs: [], finished_at: null });
}

function merge(parts: readonly Seeded[]): Seeded {
  return {
    executions: parts.flatMap((part) => part.executions),
    projects: parts.flatMap((part) => part.projects),
    accounts: parts.flatMap((part) => part.accounts),
    links: parts.flatMap((part) => part.links),
  };
}
