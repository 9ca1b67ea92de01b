// The application's bad days: what it does wrong in a call, with a row, or as a process. What struck calls is counted at the
// round's end, from its own journal.
import type { FaultOrder } from '../../application/faults.ts';
import type { Application } from '../application.ts';
import type { Random } from '../random.ts';
import { pause, type Stage } from '../stage.ts';
import type { Fault } from './faults.ts';

/** What it may do in each round in which there is one. */
export const APPLICATION_FAULTS: readonly Fault[] = [
  { name: 'a call goes wrong', weight: 8, strike: spoilCalls },
  { name: 'a poisonous row', weight: 2, strike: poison },
  { name: 'a row is refused', weight: 3, strike: refuseRow },
  { name: 'kill the application', weight: 2, strike: killApplication },
  { name: 'freeze the application', weight: 2, strike: freezeApplication },
];

/** One kind of trouble for the next calls. What nobody calls for keeps its order until the storm is over. */
async function spoilCalls({ application }: Stage, random: Random): Promise<void> {
  if (application === null) return;
  const times = random.pick([1, 1, 2, 3]);
  await application.order({ ...drawTrouble(random, application), times, dry_run: random.chance(0.1) });
}

/** Of a call, not of a row. */
type Trouble = Exclude<FaultOrder, { execution_uuid: string }>;

function drawTrouble(random: Random, { timeoutSeconds }: Application): Trouble {
  const when = random.pick(['before', 'after'] as const);
  const edge = timeoutSeconds * 1000 + random.between(-500, 500);
  const busy = random.chance(0.7) ? { 'Retry-After': String(random.between(0, 2)) } : {};
  const troubles: readonly Trouble[] = [
    { kind: 'answer_lost', after_headers: random.chance(0.5) },
    { kind: 'answer_lost', after_headers: random.chance(0.5) },
    { kind: 'crash', after_rows: random.between(0, 6) },
    { kind: 'crash', after_rows: random.between(0, 6) },
    { kind: 'status', status: 500, when },
    { kind: 'status', status: 500, when, body: { error: 'internal_error' } },
    { kind: 'status', status: 502, when, body: '<!doctype html><h1>Bad Gateway</h1>' },
    { kind: 'status', status: 200, when, body: '<!doctype html><h1>Sign in</h1>' },
    { kind: 'status', status: 503, when, headers: busy },
    { kind: 'status', status: 429, when, headers: busy },
    { kind: 'slow', ms: edge, when },
    { kind: 'slow', ms: edge, when },
    { kind: 'lie_nothing' },
    { kind: 'lie_nothing' },
    { kind: 'skip_reason' },
    { kind: 'huge', megabytes: 6, when },
    { kind: 'status', status: 400, body: { error: 'invalid_request', issues: [{ path: 'since' }] } },
    { kind: 'status', status: 401, body: { error: 'unauthenticated' } },
    { kind: 'redirect' },
  ];
  return random.pick(troubles);
}

/** A row that no call survives, until somebody has mended it. */
async function poison(stage: Stage, random: Random): Promise<void> {
  const { application } = stage;
  const row = await victim(stage, random);
  const how = random.pick(['cut', 'exit'] as const);
  const lasts = random.between(500, 8000);
  if (application === null || row === undefined) return;
  const id = await application.order({ kind: 'poison', execution_uuid: row, how });
  await pause(stage, lasts);
  await application.takeBack(id);
}

/** A row that fails, told in one place or another, or that is left as it is and named nowhere. */
async function refuseRow(stage: Stage, random: Random): Promise<void> {
  const row = await victim(stage, random);
  const how = random.pick(['error', 'error', 'silently'] as const);
  const places = [
    ['history', 'details', 'log'],
    ['history'],
    ['history', 'details'],
    ['history', 'log'],
  ] as const;
  const tells = [...random.pick(places)];
  if (row !== undefined)
    await stage.application?.order({ kind: 'refuse_row', execution_uuid: row, how, tells });
}

/** SIGKILL, and a new start some time later. */
async function killApplication(stage: Stage, random: Random): Promise<void> {
  const away = random.between(0, 3000);
  if (await stage.application?.kill()) stage.struck.add('application: killed (SIGKILL)');
  await pause(stage, away);
  await stage.application?.start();
}

/** SIGSTOP, now and then for longer than anybody waits for it; then it goes on with every call that it has got. */
async function freezeApplication(stage: Stage, random: Random): Promise<void> {
  const { application } = stage;
  if (application === null) return;
  const patience = application.timeoutSeconds * 1000;
  const lasts = random.chance(0.25) ? 2.5 * patience : random.between(300, patience);
  if (await application.freeze()) stage.struck.add('application: frozen (SIGSTOP)');
  await pause(stage, lasts);
  application.thaw();
}

/** A row whose turn comes soon, where a run is going. */
async function victim({ db }: Stage, random: Random): Promise<string | undefined> {
  const [row] = await db.sql<{ uuid: string }>(
    `select uuid from (
       (select t.execution_uuid as uuid, 0 as later from retry_batch.plan_rows t join retry_batch.batches b on b.id = t.batch_id
        where b.status in ('approved', 'running') and t.skip_reason is null and t.outcome is null order by t.position limit 30)
       union all (select execution_uuid, 1 from or_ramp_executions where status_code = 'ERROR' and ramp_id <> 8)) candidates
     order by later, md5(uuid::text || $1) limit 1`,
    [String(random.next())],
  );
  return row?.uuid;
}

/** Counts what struck the calls over the whole round, and the calls themselves. */
export function countCalls({ application, struck, done }: Stage): void {
  for (const { faults, answer } of application?.calls() ?? []) {
    for (const kind of faults) struck.add(`application: ${kind}`);
    done.add(`application: ${answer?.kind === 'sent' ? `answered ${answer.status}` : 'no answer'}`);
  }
}
