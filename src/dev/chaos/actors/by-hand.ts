// Somebody with the runbook beside the bot, in rounds in which an application makes the replays: calls of its endpoint by hand,
// with executions that the bot's runs may have, too. And somebody who still calls the bot's own endpoint.
import type { Random } from '../random.ts';
import { BROKEN } from '../seed.ts';
import { pause, type Stage } from '../stage.ts';

const PATH = '/api/ramps/executions/retry-batch';
const PATIENCE_MS = 20_000;

/** Calls until the storm is over. */
export async function byHand(stage: Stage, random: Random): Promise<void> {
  while (!stage.storm.aborted) {
    await pause(stage, random.between(1500, 5000));
    const act = random.chance(0.8) ? callTheApplication : callTheBot;
    await act(stage, random).catch(() => {});
  }
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
  const serving = stage.bots.filter((bot) => bot.isServing());
  if (serving.length === 0 || stage.storm.aborted) return;
  const response = await fetch(`http://127.0.0.1:${random.pick(serving).port}${PATH}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ since: '2026-05-11T12:00:00Z', dry_run: false }),
    signal: AbortSignal.timeout(PATIENCE_MS),
  });
  await response.text();
  stage.done.add(`the bot's own endpoint: ${response.status}`);
  if (response.status !== 404) stage.seen.push(`the bot's own endpoint answered ${response.status}`);
}
