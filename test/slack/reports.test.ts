// The report that a run closes with: broadcast, checked against OnRamp's own tables, with the complete results.

import { shared } from '../support/shared.ts';
import { known, openDesk, wordsOf } from './desk.ts';
import { runInHand } from './in-hand.ts';

const desk = shared(() => openDesk({ environment: { REPLAY_CONCURRENCY: '1' } }));
test('the report goes to the channel too, with failures by error, and the results are a table in the thread', async () => {
  const { ramp } = await desk.failed(2);
  await desk.failed(2, { ramp, payload: { account: { name: 'has no id' } } });
  const asked = await desk.dryRun(`since=2026-05-11T00:00Z ramp=${ramp.uuid}`);
  await desk.click(asked, 'approve');
  const report = await desk.report(asked);
  expect(report.text.split('\n')[0]).toBe('⚠️ 2 of 4 replayed; 2 projects still missing');
  expect(report.text).toContain('4 = 2 succeeded + 2 failed + 0 skipped + 0 not reached');
  expect(wordsOf(report)).toMatch(/\*2\* `Acme`: `MissingTriggerFieldError.* → mend the config/);
  expect(report.text).toContain('The counts match the database.');
  expect(desk.slack.channelMessages(asked.channel).map((one) => one.ts)).toEqual([asked.ts, report.ts]);
  await desk.settled(asked.batchId);
  const results = known(desk.replies(asked).at(-2), 'results');
  expect(results.text).toContain('Results: 4 executions');
  expect(JSON.stringify(results.blocks)).toContain('MissingTriggerFieldError');
  // The same as a file, right below.
  expect(desk.replies(asked).at(-1)?.files).toHaveLength(1);
});

test('results that a table cannot hold are a CSV file with every execution and what became of it', async () => {
  const { executions, ...asked } = await desk.waiting(110);
  await desk.click(asked, 'approve');
  await desk.settled(asked.batchId);
  const file = desk.slack.files().find((one) => one.name === `results-${asked.batchId.slice(0, 8)}.csv`);
  const lines = String(file?.content).trim().split('\r\n');
  expect(lines).toHaveLength(111);
  for (const { uuid } of executions) expect(lines.filter((line) => line.includes(uuid))).toHaveLength(1);
  expect(lines.filter((line) => line.includes('success'))).toHaveLength(110);
  expect(file?.shares[0]).toMatchObject({ threadTs: asked.ts });
});

const TAMPERING = [
  [
    'a history entry of the batch is deleted',
    `delete from or_workflow_history where execution_id = $1`,
    /the run counted 2 successes, OnRamp's tables show 1/,
  ],
  [
    'a project of the batch is deleted',
    `with t as (delete from or_project_tasks where project_id in (select id from or_projects where execution_id = $1))
     delete from or_projects where execution_id = $1`,
    /1 replayed execution lacks the project/,
  ],
] as const;

test.each(TAMPERING)(
  'where %s, the first line of the report says that the numbers disagree',
  async (_, sql, sentence) => {
    const { asked, ramp, executions, hold } = await runInHand(desk, 2);
    expect(await desk.projects(ramp)).toBe(1);
    await desk.world.sql(sql, [executions[0]?.id]);
    await hold.letGo();
    const report = await desk.report(asked);
    expect(report.text.split('\n')[0]).toContain('The numbers disagree');
    expect(report.text).toMatch(sentence);
    expect(report.text).toContain('First find out why');
    const what = 'the headline';
    await desk.slack.waitFor(() => desk.shown(asked).text.includes('but the numbers disagree'), {
      what,
    });
  },
);

test('what customers are told is edited into the report until all of it is delivered or parked', async () => {
  const { world } = desk;
  const ramp = await world.ramp({ vendorId: await world.vendor() });
  const { executions } = await desk.failed(2, { ramp });
  const hold = await desk.holdAt(known(executions[1], 'second'), ramp);
  const asked = await desk.dryRun(`since=2026-05-11T00:00Z ramp=${ramp.uuid} suppress=off`);
  await desk.click(asked, 'approve');
  await hold.reached();
  // Of two customers' webhooks one takes its time, and one will never arrive.
  await world.sql(
    `insert into retry_batch.notifications (batch_id, execution_id, project_uuid, vendor_id, kind, content, next_try_at)
     select $1, $2, gen_random_uuid(), $3, 'webhook', '{}', now() + interval '1 hour' from generate_series(1, 2)`,
    [asked.batchId, executions[0]?.id, ramp.vendorId],
  );
  await hold.letGo();
  const report = await desk.report(asked);
  const shown = () => known(desk.slack.message(asked.channel, report.ts), 'the report').text;
  expect(shown()).toContain('📣 Webhooks: 0 sent, 2 queued. E-mails: 0 sent.');
  const becomes = (status: string) =>
    world.sql(
      `update retry_batch.notifications set status = $2, ended_at = now()
       where id = (select id from retry_batch.notifications where batch_id = $1 and status = 'queued' limit 1)`,
      [asked.batchId, status],
    );
  await becomes('delivered');
  await desk.slack.waitFor(() => shown().includes('Webhooks: 1 sent, 1 queued.'), { what: 'one is sent' });
  await becomes('parked');
  await desk.slack.waitFor(() => shown().includes('Webhooks: 1 sent, 1 parked.'), { what: 'one is parked' });
  // Nothing of it changes any more.
  await desk.settled(asked.batchId);
  expect(desk.slack.channelMessages(asked.channel).filter((one) => one.broadcast)).toHaveLength(1);
});
