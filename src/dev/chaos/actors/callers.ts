// Programs and browsers at the runbook's endpoint: two at once on the same rows, at different processes.
import type { Random } from '../random.ts';
import { CREDENTIALS, WINDOW } from '../seed.ts';
import type { Stage } from '../stage.ts';
import { callABot, nowAndThen } from './act.ts';

/** Calls until the storm is over. */
export async function callers(stage: Stage, random: Random): Promise<void> {
  await nowAndThen(stage, random, [300, 2000], [twins, window]);
}

/** Executions of one trigger picked by hand, each by another caller at the same moment: one project at most. */
async function twins(stage: Stage, random: Random): Promise<void> {
  const [twin] = await stage.db.sql<{ uuids: string[] }>(
    `select array_agg(execution_uuid::text) as uuids from or_ramp_executions e where status_code = 'ERROR' and ramp_id <> 8
     group by ramp_id, trigger_key having count(*) > 1 order by md5(trigger_key || $1) limit 1`,
    [String(random.next())],
  );
  const calls = (twin?.uuids ?? []).map((uuid) =>
    call(stage, random, { execution_uuids: [uuid], dry_run: false }),
  );
  const answers = await Promise.all(calls);
  if (answers.filter((status) => status === 200).length > 1)
    stage.struck.add('http callers on the same trigger');
}

/** One call, or two alike at once. */
async function window(stage: Stage, random: Random): Promise<void> {
  const body = {
    ...WINDOW,
    dry_run: random.chance(0.1),
    suppress_notifications: random.chance(0.3),
    ...(random.chance(0.5) ? { vendor_ids: [random.between(1, 4)] } : {}),
  };
  const calls = Array.from({ length: random.chance(0.6) ? 2 : 1 }, () => call(stage, random, body));
  const answers = await Promise.all(calls);
  if (answers.filter((status) => status === 200).length > 1)
    stage.struck.add('http callers on the same rows');
}

/** The status; null where nobody serves or answers. */
async function call(stage: Stage, random: Random, body: object): Promise<number | null> {
  const credential = random.chance(0.5)
    ? { cookie: `session=${CREDENTIALS.session}` }
    : { authorization: CREDENTIALS.apiKey, 'or-internal-api-auth-secret': CREDENTIALS.apiSecret };
  try {
    const status = await callABot(stage, random, credential, body);
    if (status === null) return null;
    stage.done.add(`http: ${status}`);
    if (status === 500) stage.seen.push('a call was answered with 500');
    return status;
  } catch {
    stage.done.add('http: no answer');
    return null;
  }
}
