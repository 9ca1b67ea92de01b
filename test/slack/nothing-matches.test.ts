// A dry run that finds nothing: only whoever asked hears of it, and is told what there is instead.
import { randomUUID } from 'node:crypto';
import { shared } from '../support/shared.ts';
import { buttonsOf, openDesk, wordsOf } from './desk.ts';

const desk = shared(() => openDesk());

async function nothing(text: string) {
  const channel = desk.channel();
  await desk.command(text, 'U0ONCALL', channel);
  // On a busy machine a word that it is under way may come first.
  const answer = await desk.slack.waitFor(
    (now) =>
      now
        .ephemeralsOf('U0ONCALL')
        .find((one) => one.channel === channel && one.text.includes('Nothing matches')),
    { what: 'the private answer' },
  );
  expect(buttonsOf(answer)).toEqual([]);
  expect(desk.slack.channelMessages(channel)).toEqual([]);
  const threads = await desk.world.sql('select from retry_batch.slack_threads where channel_id = $1', [
    channel,
  ]);
  expect(threads).toEqual([]);
  return answer;
}

test('names the ids that are not there', async () => {
  const id = randomUUID();
  const answer = await nothing(`ids=${id}`);
  expect(answer.text).toContain(`The execution asked for does not exist: ${id}`);
});

test('says which errors the window holds without the filters, the largest group first', async () => {
  const createdAt = '2025-03-02T12:00:00Z';
  await desk.failed(3, { createdAt, errorType: 'KeyError', errorMessage: "'plan'" });
  await desk.failed(1, { createdAt });
  const { ramp } = await desk.failed(1);
  const answer = await nothing(`since=2025-03-02 until=2025-03-03 ramp=${ramp.uuid}`);
  expect(answer.text).toContain('Without the filters the window holds 4 failed executions:');
  expect(answer.text).toMatch(/3 “KeyError: <?.*\n.*1 “UnboundLocalError/);
  expect(wordsOf(answer)).toContain('<!date^');
});

test('says when the nearest ones failed that pass the filters, before and after', async () => {
  const { ramp } = await desk.failed(1, { createdAt: '2025-04-01T10:00:00Z' });
  await desk.failed(1, { ramp, createdAt: '2025-04-01T18:30:00Z' });
  // Another workflow's are nearer, and not asked for.
  await desk.failed(1, { createdAt: '2025-04-01T11:59:00Z' });
  const answer = await nothing(`since=2025-04-01T12:00Z until=2025-04-01T13:00Z ramp=${ramp.uuid}`);
  expect(answer.text).toContain('Nothing at all failed in this window.');
  expect(answer.text).toMatch(/the last one before it at .*2025-04-01 10:00:00 UTC/);
  expect(answer.text).toMatch(/the first one after it at .*2025-04-01 18:30:00 UTC/);
});

test('is in the audit trail like any other, and no text of the database can mention anybody', async () => {
  const createdAt = '2025-05-02T12:00:00Z';
  await desk.failed(1, { createdAt, errorType: 'X', errorMessage: '<!channel> @here https://evil.example' });
  const { ramp } = await desk.failed(1);
  const answer = await nothing(`since=2025-05-02 until=2025-05-03 ramp=${ramp.uuid}`);
  expect(desk.slack.inspect(answer)).toEqual([]);
  const trail = await desk.world.sql<{ action: string }>(
    `select e.action from retry_batch.events e join retry_batch.batches b on b.id = e.batch_id
     where b.request -> 'ramp_uuids' ->> 0 = $1 order by e.id`,
    [ramp.uuid],
  );
  expect(trail.map((one) => one.action)).toEqual(['asked', 'planned']);
});

test('a text that is only the type of the errors says so: messages alone are searched', async () => {
  const { ramp } = await desk.failed(3);
  const asked = await desk.dryRun(`since=2026-05-11 ramp=${ramp.uuid} error=UnboundLocal`);
  const note = '“UnboundLocal” is the type of 3 of these errors, and only messages are searched';
  expect(desk.shown(asked).text).toContain(note);
  const found = await desk.dryRun(`since=2026-05-11 ramp=${ramp.uuid} error=new_task`);
  expect(desk.shown(found).text).not.toContain('only messages are searched');
});
