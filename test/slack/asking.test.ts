// `/retry-batch` as somebody at three in the morning meets it: what is posted, and what is only said to them.
import { randomUUID } from 'node:crypto';
import { shared } from '../support/shared.ts';
import { buttonsOf, openDesk, wordsOf } from './desk.ts';

const desk = shared(() => openDesk());
test('a dry run is posted in the channel of the command, with Approve, and nothing has been replayed', async () => {
  const asked = await desk.waiting(3);
  const message = desk.shown(asked);
  expect(wordsOf(message)).toContain('Matched 3');
  expect(message.text).toContain('Eligible 3');
  expect(message.text).toContain('<@U0ONCALL>');
  expect(buttonsOf(message)).toEqual(['approve', 'ask', 'change', 'cancel']);
  expect(desk.slack.ephemeralsOf('U0ONCALL')).toEqual([]);
  expect(await desk.projects(asked.ramp)).toBe(0);
  expect(await desk.actions(asked.batchId)).toEqual(['asked', 'planned']);
});

test('both lists are in the thread as tables, the skipped with their reasons', async () => {
  const { ramp, executions } = await desk.failed(2);
  const [first] = executions;
  if (first) await desk.world.project(first);
  const asked = await desk.dryRun(`since=2026-05-11T00:00Z ramp=${ramp.uuid}`);
  const skipped = await desk.reply(asked, /Skipped: 1/);
  expect(JSON.stringify(skipped.blocks)).toContain(first?.uuid);
  expect(JSON.stringify(skipped.blocks)).toContain('project_already_exists');
  const [, eligible] = desk.replies(asked);
  expect(eligible?.blocks?.map((block) => block.type)).toContain('table');
  expect(JSON.stringify(eligible?.blocks)).toContain(executions[1]?.uuid);
});

test('a list that a table cannot hold is a CSV file in the thread with every row', async () => {
  const { executions, ...asked } = await desk.waiting(120);
  await desk.reply(asked, /in replay order: 120/);
  const name = `eligible-${asked.batchId.slice(0, 8)}.csv`;
  const file = await desk.slack.waitFor(
    (now) => now.files().find((one) => one.name === name && one.shares.length > 0),
    { what: 'the file in the thread' },
  );
  const text = String(file.content);
  expect(text.trim().split('\r\n')).toHaveLength(121);
  for (const { uuid } of executions) expect(text).toContain(uuid);
  expect(file.shares[0]).toMatchObject({ channel: asked.channel, threadTs: asked.ts });
});

test.each(['help', '--help'])('"/retry-batch %s" explains itself to the one who typed it', async (text) => {
  const channel = desk.channel();
  const help = await desk.told('U0ONCALL', () => desk.command(text, 'U0ONCALL', channel));
  expect(help.text).toContain('/retry-batch since=2h');
  expect(desk.slack.channelMessages(channel)).toEqual([]);
});

test('a window that only the database calls empty is asked about, and the rest of the command stays as it was', async () => {
  const text = 'since=2099-01-01 vendor=7 error=new_task suppress=off';
  const answer = await desk.told('U0ONCALL', () => desk.command(text, 'U0ONCALL', desk.channel()));
  expect(answer.text).toContain(
    '```/retry-batch since=&lt;time&gt; vendor_ids=7 error_pattern=new_task suppress_notifications=off```',
  );
});

test('the runbook’s curl command is answered with its dry run, and its cookie is nowhere', async () => {
  const { ramp } = await desk.failed(2);
  const body = `{"since": "2026-05-11T00:00:00Z", "ramp_uuids": ["${ramp.uuid}"], "dry_run": true}`;
  const url = '<https://app.onramp.us/api/ramps/executions/retry-batch>';
  const asked = await desk.dryRun(`curl -X POST ${url} \\\n-b "session=c00k1e-of-priya" \\\n-d '${body}'`);
  expect(desk.shown(asked).text).toContain('Eligible 2');
  expect(wordsOf(await desk.details(asked))).toContain('only its JSON body counts here');
  expect(JSON.stringify([desk.shown(asked), desk.replies(asked)])).not.toContain('c00k1e');
  const kept = await desk.world.sql('select 1 from retry_batch.events where evidence::text like $1', [
    '%c00k1e%',
  ]);
  expect(kept).toEqual([]);
});

test('a mistake gets one private answer with every problem, the nearest field, and a command to paste', async () => {
  const channel = desk.channel();
  const answer = await desk.told('U0ONCALL', () => desk.command('sinc=2h vendor=x', 'U0ONCALL', channel));
  expect(answer.text).toMatch(/2 mistakes/);
  expect(answer.text).toContain('since');
  expect(answer.text).toContain('vendor');
  expect(answer.text).toMatch(/```\/retry-batch .*```/s);
  expect(desk.slack.channelMessages(channel)).toEqual([]);
});

test('dry_run=false is refused: in Slack everything starts as a dry run', async () => {
  const answer = await desk.told('U0ONCALL', () => desk.command('since=2h dry_run=false'));
  expect(answer.text).toMatch(/dry_run/);
});

test('a window that begins in the future is told as a mistake, from the database clock', async () => {
  const answer = await desk.told('U0ONCALL', () => desk.command('since=2999-01-01T00:00Z'));
  expect(answer.text).toMatch(/since/);
  expect(answer.text).toMatch(/must be before/);
});

test("the runbook's body can be pasted as it is", async () => {
  const { ramp } = await desk.failed(1);
  const body = {
    since: '2026-05-11T12:30:00Z',
    ramp_uuids: [ramp.uuid],
    error_pattern: 'new_task',
    dry_run: true,
  };
  const asked = await desk.dryRun(JSON.stringify(body, null, 2));
  expect(desk.shown(asked).text).toContain('Eligible 1');
});

test('ids that do not exist are named in the message, so that a slip of the hand is seen', async () => {
  const { executions } = await desk.failed(1);
  const lost = [randomUUID(), randomUUID()];
  const asked = await desk.dryRun(`ids=${[executions[0]?.uuid, ...lost].join(',')}`);
  const message = desk.shown(asked);
  const note = `⚠️ 2 of the 3 executions asked for do not exist: ${lost.join(', ')}`;
  expect(message.text).toContain(`⚠️ 2 of the 3 executions asked for do not exist: ${lost[0]}`);
  expect(wordsOf(await desk.details(asked))).toContain(note);
});

test('of very many unknown ids the message names some and counts the rest', async () => {
  const { executions } = await desk.failed(1);
  const lost = Array.from({ length: 40 }, () => randomUUID());
  const asked = await desk.dryRun(`ids=${[executions[0]?.uuid, ...lost].join(',')}`);
  expect(desk.shown(asked).text).toContain('⚠️ 40 of the 41 executions');
  const message = await desk.details(asked);
  expect(wordsOf(message)).toContain('40 of the 41 executions');
  expect(wordsOf(message)).toContain('and 29 more');
  for (const id of lost.slice(0, 11)) expect(wordsOf(message)).toContain(id);
});

test('where nothing is eligible there is no Approve, and the message says why', async () => {
  const { ramp, executions } = await desk.failed(1);
  for (const execution of executions) await desk.world.project(execution);
  const asked = await desk.dryRun(`since=2026-05-11T00:00Z ramp=${ramp.uuid}`);
  const message = desk.shown(asked);
  expect(buttonsOf(message)).toEqual([]);
  expect(message.text).toContain('the 1 that matches is skipped');
  expect(message.text).toContain('1 needs somebody');
  expect((await desk.details(asked)).text).toContain('project_already_exists');
  expect(await desk.status(asked.batchId)).toBe('previewed');
});

test('notifications are suppressed unless asked for, and then the message counts them', async () => {
  const vendorId = await desk.world.vendor({ webhook: 'https://crm.invalid/hook', email: 'a@customer.test' });
  const ramp = await desk.world.ramp({ vendorId });
  const quiet = await desk.waiting(2, 'U0ONCALL', { ramp });
  expect(desk.shown(quiet).text).toContain('Customers hear nothing 🔕');
  const loud = await desk.dryRun(`since=2026-05-11T00:00Z ramp=${ramp.uuid} suppress=off force`);
  expect(desk.shown(loud).text).toContain('1 customer will be notified 📣');
  expect((await desk.details(loud)).text).toContain('2 webhooks and 2 e-mails to 1 customer');
  expect(desk.shown(loud).text).toContain('force_retry is ON');
  expect(desk.shown(loud).text).toContain('Rows in common');
});

test('the emergency brake is shown in the dry run', async () => {
  await desk.world.sql('update retry_batch.brake set is_on = true');
  const asked = await desk.waiting();
  await desk.world.sql('update retry_batch.brake set is_on = false');
  expect(desk.shown(asked).text).toContain('The emergency brake is ON');
});
