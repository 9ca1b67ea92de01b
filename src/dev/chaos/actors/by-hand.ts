// Somebody with the runbook beside the bot, in rounds in which an application makes the replays: calls of its endpoint by hand,
// with executions that the bot's runs may have, too. And somebody who still calls the bot's own endpoint.
import type { Random } from '../random.ts';
import { BROKEN } from '../seed.ts';
import type { Stage } from '../stage.ts';
import { callABot, nowAndThen } from './act.ts';

const PATIENCE_MS = 20_000;

/** Calls until the storm is over. */
export async function byHand(stage: Stage, random: Random): Promise<void> {
  await nowAndThen(stage, random, [1500, 5000], ACTS);
}

async function callTheApplication(stage: Stage, random: Random): Promise<void> {
  const rows = await stage.db.sql<{ uuid: string }>(
    `select execution_uuid as uuid from or_ramp_executions where status_code = 'ERROR' and trigger_key not like '${BROKEN}%'
     order by md5(id::text || $1) limit $2`,
    [String(random.next()), random.between(1, 3)],
  );
  if (rows.length === 0 || stage.storm.aborted) return;
  const body = { execution_uuids: rows.map(({ uuid }) => uuid), dry_run: false };
  const status = await stage.application?.callByHand(body, PATIENCE_MS);
  stage.done.add(`by hand: ${status ?? 'no answer'}`);
  if (status === 200) stage.struck.add('rows replayed by hand');
}

/** It makes no replays, and says so. */
async function callTheBot(stage: Stage, random: Random): Promise<void> {
  const status = await callABot(stage, random, {}, { since: '2026-05-11T12:00:00Z', dry_run: false });
  if (status === null) return;
  stage.done.add(`the bot's own endpoint: ${status}`);
  if (status !== 404) stage.seen.push(`the bot's own endpoint answered ${status}`);
}

const ACTS = [
  callTheApplication,
  callTheApplication,
  callTheApplication,
  callTheApplication,
  callTheBot,
] as const;
