// Two kinds of process on one schema: which works on what, what the one with an endpoint needs and refuses, and what it says
// of its endpoint.
import { type BotProcess, environmentOf, spawnFile, startBot } from '../support/process.ts';
import { runScript } from '../support/script.ts';
import { shared } from '../support/shared.ts';
import { until } from '../support/until.ts';
import { openFront } from './front.ts';

const front = shared(() => openFront());

let bot: BotProcess;

beforeAll(() => {
  bot = front.bot;
});

async function kill(): Promise<void> {
  bot.kill('SIGKILL');
  await bot.exited;
}

const brake = (on: boolean) => front.world.sql('update retry_batch.brake set is_on = $1', [on]);

/** What a bot that makes its replays itself is started with. */
const inTheDatabase = () => ({ SLACK_API_URL: front.slack.apiUrl });

async function startInTheDatabase(): Promise<void> {
  bot = await startBot(front.world, inTheDatabase());
  front.slack.setRequestUrl(`${bot.url}/slack/events`);
}

const ready = async () => {
  const answer = await fetch(`${bot.url}/readyz`);
  const { status, checks } = (await answer.json()) as { status: string; checks: { endpoint: string } };
  return { code: answer.status, status, endpoint: checks.endpoint };
};

describe('a bot that has an endpoint', () => {
  it('does not serve the runbook’s endpoint itself, and says who does', async () => {
    const answer = await fetch(`${bot.url}/api/ramps/executions/retry-batch`, {
      ...{ method: 'POST', headers: { 'content-type': 'application/json' }, body: '{}' },
    });
    expect(answer.status).toBe(404);
    expect(await answer.text()).toContain(new URL(front.application.url).host);
    for (const path of ['/healthz', '/readyz', '/metrics'])
      expect([path, (await fetch(`${bot.url}${path}`)).status]).toEqual([path, 200]);
  });

  it('needs SELECT alone of the application’s tables: it has no more, and says nothing of privileges', async () => {
    expect(bot.log().filter((line) => String(line.msg).includes('privileges'))).toEqual([]);
    const mayWrite = `
      select c.relname, v.verb from pg_class c, unnest(array['insert', 'update', 'delete', 'truncate']) v (verb)
      where c.relname like 'or\\_%' and c.relkind = 'r' and c.relnamespace = 'public'::regnamespace
        and (has_table_privilege($1, c.oid, v.verb) or (v.verb in ('insert', 'update') and has_any_column_privilege($1, c.oid, v.verb)))`;
    const { owner } = await front.world.one<{ owner: string }>('select current_user as owner');
    expect((await front.world.sql(mayWrite, [owner])).length).toBeGreaterThan(20);
    expect(await front.world.sql(mayWrite, [front.role.name])).toEqual([]);
  });

  it('says on its health page how its last call went, and counts calls by status', async () => {
    const [row] = await front.failed(1);
    const asked = await front.run(row === undefined ? [] : [row]);
    await front.ends(asked);
    await until('its health page says so', async () => (await ready()).endpoint === 'ok');
    // Both pages are read anew once a second.
    await until('the metrics count it', async () =>
      /^retry_batch_endpoint_calls_total\{status="200"\} [1-9]\d*$/m.test(
        await (await fetch(`${bot.url}/metrics`)).text(),
      ),
    );
    front.application.kill('SIGSTOP');
    await front.dryRun(await front.failed(1));
    const away = await until('it says that the endpoint is away', async () => {
      const page = await ready();
      return page.endpoint !== 'ok' && page;
    });
    // A process whose endpoint is away can take decisions all the same.
    expect(away).toMatchObject({ code: 200, status: 'ready' });
    expect(away.endpoint).toMatch(/^degraded: .* gave no answer: no answer within 5 s/);
    front.application.kill('SIGCONT');
  });

  it('serves npm run batches and npm run advise as the role that only reads', async () => {
    const [row] = await front.failed(1);
    const asked = await front.run(row === undefined ? [] : [row]);
    await front.ends(asked);
    const environment = { DATABASE_URL: front.role.url, REPLAY_URL: front.application.endpoint };
    const list = await runScript('batches', ['list'], environment);
    expect([list.code, list.err]).toEqual([0, '']);
    expect(list.out).toContain(asked.batchId.slice(0, 8));
    const shown = await runScript('batches', ['show', asked.batchId], environment);
    expect([shown.code, shown.err]).toEqual([0, '']);
    expect(shown.out).toContain('or_projects and or_workflow_history agree with the run.');
    const advised = await runScript('advise', [], environment);
    expect(advised.err).toBe('');
    expect([0, 1]).toContain(advised.code);
    expect(advised.out).not.toMatch(/permission denied/);
  });
});

describe('a wrong key', () => {
  it('stands in the dry run, on the health page and in the log, before anybody approves', async () => {
    bot = await front.replace(bot, { REPLAY_API_SECRET: 'a wrong one' });
    expect(bot.log().some((line) => String(line.refused).includes("refuses the bot's key (401)"))).toBe(true);
    const asked = await front.dryRun(await front.failed(1));
    expect(front.said(asked)).toContain('Replays will fail until this is mended');
    expect(front.said(asked)).toContain("the endpoint refuses the bot's key (401)");
    expect(await ready()).toMatchObject({
      ...{ code: 200, status: 'ready', endpoint: expect.stringMatching(/^degraded: .*\(401\)/) },
    });
    expect(`${front.said(asked)}${bot.stdout()}`).not.toContain('a wrong one');
    bot = await front.replace(bot);
  });
});

describe('a live process of the other kind', () => {
  it('that replays through an endpoint ends the start of one that would in the database', async () => {
    await brake(true);
    const asked = await front.run(await front.failed(2));
    await front.becomes(asked, 'running');
    const other = spawnFile('src/main.ts', [], environmentOf(front.world, inTheDatabase()));
    expect(await other.exited).toEqual({ code: 78, signal: null });
    expect(other.stderr()).toMatch(
      /have an endpoint make their replays \(REPLAY_URL\), and this process would not/,
    );
    expect(other.stderr()).toContain('stop them first');
    await brake(false);
    await front.ends(asked);
    expect(await front.books(asked)).toEqual(front.eachOnce(2));
  });

  it('that replays in the database ends the start of one with an endpoint', async () => {
    await kill();
    await startInTheDatabase();
    await brake(true);
    const asked = await front.run(await front.failed(2));
    await front.becomes(asked, 'running');
    const { DATABASE_URL, ...rest } = { ...inTheDatabase(), DATABASE_URL: front.role.url };
    const other = spawnFile(
      'src/main.ts',
      [],
      environmentOf(front.world, {
        ...rest,
        ...{ DATABASE_URL, MIGRATION_DATABASE_URL: front.world.url, REPLAY_URL: front.application.endpoint },
        ...{ REPLAY_API_KEY: front.application.apiKey, REPLAY_API_SECRET: front.application.apiSecret },
      }),
    );
    expect(await other.exited).toEqual({ code: 78, signal: null });
    expect(other.stderr()).toContain('make their replays in the database, and this process would not');
    await brake(false);
    await front.ends(asked);
    bot = await front.replace(bot);
  });
});

it('one whose calls over HTTP have ended is in nobody’s way', async () => {
  await kill();
  await startInTheDatabase();
  const [row] = await front.failed(1);
  const answer = await fetch(`${bot.url}/api/ramps/executions/retry-batch`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...(await front.world.apiKey()) },
    body: JSON.stringify({ execution_uuids: [row?.uuid], dry_run: false, suppress_notifications: true }),
  });
  expect(await answer.json()).toMatchObject({ summary: { success: 1 } });
  await kill();
  // Whoever was heard of in that time counts as alive.
  bot = await front.start({ TAKEOVER_SECONDS: '120' });
});

it('a batch that was planned for the other kind is left alone by all that a process does, until its own kind is there', async () => {
  await brake(true);
  const rows = await front.failed(2);
  const theirs = await front.run(rows);
  await front.becomes(theirs, 'running');
  await kill();
  await until('nobody is at it any more', async () => {
    const [alive] = await front.world.sql(
      `select from retry_batch.run_workers where seen_at > now() - interval '2 seconds'`,
    );
    return alive === undefined;
  });
  await startInTheDatabase();
  await brake(false);
  const own = await front.run(await front.failed(2));
  await front.ends(own);
  expect(await front.books(theirs)).toMatchObject({ outcomes: { open: 2 }, projects: { 0: 2 }, sent: 0 });
  await front.becomes(theirs, 'running');
  bot = await front.replace(bot);
  await front.ends(theirs);
  expect(await front.books(theirs)).toEqual(front.eachOnce(2));
});

it('a table that the role may not read ends the start, with what to do', async () => {
  await kill();
  const columns = 'id, project_uuid, vendor_id, account_id, ramp_id, execution_id, name, created_at';
  await front.world.sql(`revoke select (execution_id) on or_projects from "${front.role.name}"`);
  await expect(front.start()).rejects.toThrow(/ended with 78.*or_projects.execution_id; grant it/s);
  await front.world.sql(`grant select (${columns}) on or_projects to "${front.role.name}"`);
  bot = await front.start();
});
