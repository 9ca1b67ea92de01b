// The first minute of a process: what it makes, what it refuses with one message, and what it does not wait for.
import { freshDatabase } from '../support/fresh.ts';
import { environmentOf, type Spawned, spawnFile, startBot } from '../support/process.ts';
import { startSlack } from '../support/slack.ts';
import { until } from '../support/until.ts';
import { createWorld } from '../support/world.ts';

const WRONG_CONFIGURATION = 78;

function start(database: { readonly url: string }, more: Record<string, string> = {}): Spawned {
  return spawnFile('src/main.ts', [], environmentOf(database, more));
}

it('two processes that start at once on a database of OnRamp’s both serve, and each migration ran once', async () => {
  const database = await freshDatabase();
  const bots = [start(database), start(database)];
  await until('both serve', () => bots.every((bot) => bot.log().some((line) => line.msg === 'started')));
  const applied = bots.flatMap((bot) => bot.log().flatMap((line) => (line.applied as string[]) ?? []));
  const ledger = await database.sql<{ name: string }>('select name from retry_batch.migrations order by 1');
  expect(applied.sort()).toEqual(ledger.map((one) => one.name));
  for (const bot of bots) bot.kill('SIGTERM');
  expect(await Promise.all(bots.map((bot) => bot.exited))).toEqual([
    { code: 0, signal: null },
    { code: 0, signal: null },
  ]);
});

it('says in one message which of OnRamp’s tables and columns are missing, and ends with 78', async () => {
  const database = await freshDatabase(
    `drop table or_project_tasks;
     alter table or_vendors drop column notify_email;
     alter table or_ramp_executions drop column finished_at, drop column logs`,
  );
  const bot = start(database);
  expect(await bot.exited).toEqual({ code: WRONG_CONFIGURATION, signal: null });
  for (const problem of [
    'table or_project_tasks is missing',
    'column or_vendors.notify_email is missing',
    'column or_ramp_executions.logs is missing',
    'column or_ramp_executions.finished_at is missing',
  ]) {
    expect(bot.stderr()).toContain(problem);
  }
  expect(bot.stdout() + bot.stderr()).not.toMatch(/^\s+at /m);
});

it('names every wrong variable at once, and never the value of one', async () => {
  const bot = spawnFile('src/main.ts', [], {
    DATABASE_URL: 'mysql://root:hunter2@db/onramp',
    SLACK_BOT_TOKEN: 'xoxp-secret-token',
    CHUNK_SIZE: '26',
  });
  expect(await bot.exited).toEqual({ code: WRONG_CONFIGURATION, signal: null });
  for (const name of ['DATABASE_URL', 'SLACK_BOT_TOKEN', 'SLACK_SIGNING_SECRET', 'CHUNK_SIZE']) {
    expect(bot.stderr()).toContain(name);
  }
  expect(bot.stderr()).not.toMatch(/hunter2|xoxp-secret|^\s+at /m);
});

it('ends with 78 where Slack calls the token invalid', async () => {
  const [world, slack] = await Promise.all([createWorld(), startSlack()]);
  const bot = start(world, { SLACK_API_URL: slack.apiUrl, SLACK_BOT_TOKEN: 'xoxb-somebody-elses' });
  expect(await bot.exited).toEqual({ code: WRONG_CONFIGURATION, signal: null });
  expect(bot.stderr()).toContain('SLACK_BOT_TOKEN');
  expect(bot.stderr()).not.toContain('xoxb-somebody-elses');
  await slack.stop();
  await world.close();
});

it('starts while Slack is away, says so on /readyz, and is ready once Slack is back', async () => {
  const [world, slack] = await Promise.all([createWorld(), startSlack()]);
  const down = slack.fault({ target: '*', kind: 'down' });
  const bot = await startBot(world, { SLACK_API_URL: slack.apiUrl });
  const ready = async () => {
    const answer = await fetch(`${bot.url}/readyz`);
    return { status: answer.status, body: (await answer.json()) as { checks: Record<string, string> } };
  };
  await until('/readyz says that Slack is away', async () => {
    const { status, body } = await ready();
    return status === 200 && body.checks.slack === 'degraded: unreachable';
  });
  expect((await fetch(`${bot.url}/healthz`)).status).toBe(200);
  slack.clearFaults(down);
  await until('/readyz says that Slack is back', async () => (await ready()).body.checks.slack === 'ok');
  bot.kill('SIGTERM');
  expect(await bot.exited).toEqual({ code: 0, signal: null });
  await slack.stop();
  await world.close();
});
