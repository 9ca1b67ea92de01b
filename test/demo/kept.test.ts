// The demo goes on where it was, and starts over when it is told to.
import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Demo, startDemo } from '../../src/dev/demo/start.ts';
import { queryOnce } from '../../src/dev/postgres/with-client.ts';

const server = String(process.env.TEST_POSTGRES_URL);
const urlOf = (name: string): string => server.replace(/\/[^/]*$/, `/${name}`);

async function ask(demo: Demo): Promise<string> {
  const text = 'since=2026-05-11T12:30:00Z until=2026-05-11T14:30:00Z vendor=4';
  await demo.slack.human.command({ user: 'U0ONCALL', channel: 'C0INCIDENT', command: '/retry-batch', text });
  const found = await demo.slack.waitFor((now) => now.channelMessages('C0INCIDENT').at(-1), {
    what: 'the dry run',
  });
  return found.ts;
}

async function crmOf(demo: Demo): Promise<string> {
  const [vendor] = await queryOnce<{ url: string }>(
    demo.databaseUrl,
    'select crm_webhook_url as url from or_vendors where id = 1',
  );
  return vendor?.url ?? '';
}

it('keeps database and messages from start to start, whatever the port, until it is reset', async () => {
  const dataDir = await mkdtemp(join(tmpdir(), 'retry-batch-kept-'));
  const options = {
    server: { url: server, urlOf },
    database: `demo_${randomUUID().replaceAll('-', '')}`,
    dataDir,
  };
  const first = await startDemo(options);
  const ts = await ask(first);
  await first.stop();

  const second = await startDemo(options);
  expect(second.slack.message('C0INCIDENT', ts)?.text).toContain('Replay 11 failed executions?');
  expect(await crmOf(second)).toBe(`${second.slack.url}/crm/1`);
  await second.slack.human.click({
    user: 'U0ADMIN',
    channel: 'C0INCIDENT',
    ts,
    actionId: 'retry_batch_cancel',
  });
  await second.slack.waitFor((now) => now.message('C0INCIDENT', ts)?.text.includes('Cancelled'), {
    what: 'the kept batch, cancelled',
  });

  await second.reset();
  expect(second.slack.channelMessages('C0INCIDENT')).toEqual([]);
  await ask(second);
  await second.stop();
  await rm(dataDir, { recursive: true });
});
