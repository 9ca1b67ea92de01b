// Who was hit, and who still is: the sentence in the report, and in the thread each customer with a text for support.
import type { Message } from '../../src/dev/slack/world/model.ts';
import { runScript } from '../support/script.ts';
import { shared } from '../support/shared.ts';
import { type Asked, known, openDesk } from './desk.ts';

const desk = shared(() => openDesk({ environment: { REPLAY_CONCURRENCY: '1' } }));
afterEach(() => desk.slack.clearFaults());

type Block = { readonly type: string; readonly rows?: readonly { readonly text: string }[][] };

const customersIn = (asked: Asked) =>
  desk.replies(asked).filter(({ text }) => /^Customers: [\d,]+, batch/.test(text));

const rowsOf = ({ blocks }: Message) => {
  const table = (blocks as unknown as Block[] | undefined)?.find(({ type }) => type === 'table');
  return table?.rows?.map((row) => row.map(({ text }) => text)) ?? [];
};

const pasted = ({ blocks }: Message): string =>
  /"rich_text_preformatted","elements":\[\{"type":"text","text":"((?:[^"\\]|\\.)*)"/.exec(
    JSON.stringify(blocks),
  )?.[1] ?? '';

const customerNamed = async (name: string, revoked = false) => {
  const vendorId = await desk.world.vendor({ name });
  return desk.world.ramp({ vendorId, integrationId: await desk.world.integration(vendorId, { revoked }) });
};

const listed = (asked: Asked) => desk.slack.waitFor(() => customersIn(asked)[0], { what: 'the customers' });

const ran = async (text: string) => {
  const asked = await desk.dryRun(`since=2026-05-11T00:00Z ${text}`);
  await desk.click(asked, 'approve');
  const report = await desk.report(asked);
  await listed(asked);
  return { asked, report };
};

test('the dry run says what is missing, the report what was created, and the thread and npm run batches each customer', async () => {
  const healthy = await customerNamed('Foxglove Retail');
  const revoked = await customerNamed('=HYPERLINK("x"), mail b.smith@bluebird.example', true);
  await desk.failed(3, { ramp: healthy });
  await desk.failed(1, { ramp: healthy, errorType: 'WorkflowConfigError' });
  await desk.failed(2, { ramp: revoked });
  const { asked, report } = await ran(`ramp=${healthy.uuid},${revoked.uuid}`);
  expect((await desk.details(asked)).text).toContain('5 projects of 2 customers are missing.');
  const sentence =
    '3 of 5 missing projects of 2 customers were created; 2 projects of 1 customer are still missing.';
  expect(report.text.split('\n')[0]).toBe('⚠️ 3 of 5 replayed; 2 projects still missing');
  expect(report.text).toContain(sentence);
  expect(report.text).toContain('1 of these have no project.');

  const [message, ...more] = customersIn(asked);
  expect(more).toEqual([]);
  const [head, ...rows] = rowsOf(known(message, 'customers'));
  expect(head).toEqual([
    ...['Customer', 'Missing', 'Eligible', 'Succeeded', 'Failed', 'Skipped at turn', 'Not reached'],
    ...['Matched', 'Skipped', 'Left alone, missing', 'Vendor id'],
  ]);
  const name = '=HYPERLINK("x"), mail b•••@bluebird.example';
  expect(rows).toEqual([
    [name, ...['2', '2', '0', '1', '0', '1', '2', '0', '0'], String(revoked.vendorId)],
    ['Foxglove Retail', ...['0', '3', '3', '0', '0', '0', '4', '1', '1'], String(healthy.vendorId)],
  ]);
  const text = pasted(known(message, 'customers'));
  expect(text).toContain(sentence);
  expect(text).toContain(`Foxglove Retail (vendor ${healthy.vendorId}): 3`);
  expect(text).toContain(`mail b•••@bluebird.example (vendor ${revoked.vendorId}): 2 of 2`);
  expect(text).toContain('The customers were not notified.');
  // Neither people nor errors are anybody's business there.
  expect(text).not.toMatch(/U0ONCALL|U0ADMIN|Priya|IntegrationAuth|new_task|token/);

  const { out } = await runScript('batches', ['show', asked.batchId], { DATABASE_URL: desk.world.url });
  expect(out).toContain(`Customers: 2 customers. ${sentence} 1 skipped row without a project.`);
  expect(out).toMatch(/ {2}Foxglove Retail \(\d+\) +4 +3 +1 +3 +0 +0 +0 +0 +1/);
  expect(out).toContain('For support, without names of people and without errors:');
});

test('what somebody else made meanwhile is missing no more, and is not the run’s', async () => {
  const ramp = await customerNamed('Acme');
  const { executions } = await desk.failed(3, { ramp });
  const [first, second, third] = executions;
  const asked = await desk.waiting(0, 'U0ONCALL', { ramp });
  // By hand, and by the live application when the CRM fired the trigger again.
  await desk.world.project(known(second, 'second'));
  await desk.world.sql(
    `update or_ramp_executions set trigger_key = (select trigger_key from or_ramp_executions where id = $1) where id = $2`,
    [third?.id, (await desk.world.execution({ ramp, status: 'SUCCESS' })).id],
  );
  await desk.world.project(
    await desk.world.one(
      `select id, execution_uuid as uuid from or_ramp_executions where ramp_id = $1 and status_code = 'SUCCESS'`,
      [ramp.id],
    ),
  );
  await desk.click(asked, 'approve');
  const { text } = await desk.report(asked);
  expect(text).toContain('1 of 3 missing projects of 1 customer was created, 2 more by others.');
  expect(text.split('\n')[0]).not.toContain('still missing');
  expect(await desk.projects(ramp)).toBe(3);
  expect(first).toBeDefined();
});

test('a retry of what was held brings the figures up to date, with a list of its own', async () => {
  const [healthy, revoked] = [await customerNamed('Acme'), await customerNamed('Globex', true)];
  await desk.failed(1, { ramp: healthy });
  await desk.failed(3, { ramp: revoked });
  const { asked, report } = await ran(`ramp=${healthy.uuid},${revoked.uuid} error=new_task`);
  expect(report.text).toContain(
    '1 of 4 missing projects of 2 customers was created; 3 projects of 1 customer',
  );
  await desk.world.sql('update or_integrations set token_revoked_at = null where vendor_id = $1', [
    revoked.vendorId,
  ]);
  await desk.slack.human.click({
    ...{ user: 'U0ADMIN', channel: asked.channel, ts: report.ts, confirm: 'accept' },
    actionId: 'retry_batch_retry_held',
  });
  const said =
    '3 of 4 missing projects of 2 customers were created; 1 project of 1 customer is still missing.';
  await desk.slack.waitFor(
    (now) => now.thread(asked.channel, asked.ts).find(({ text }) => text.includes(said)),
    { what: 'the second report' },
  );
  await desk.slack.waitFor(() => customersIn(asked).length === 2, { what: 'a second list' });
  const [before, after] = customersIn(asked).map((one) => rowsOf(one).slice(1));
  expect(before?.map((row) => row[1])).toEqual(['3', '0']);
  expect(after?.map((row) => row[1])).toEqual(['1', '0']);
});

test('a thousand customers are a file with each of them, under a text that names the first', async () => {
  const { world } = desk;
  await world.sql(
    `with v as (insert into or_vendors (name) select 'Customer ' || g from generate_series(1, 1000) g returning id)
     insert into or_ramps (ramp_uuid, vendor_id, name, status, current_version)
     select gen_random_uuid(), id, 'Thousand', 'published', 1 from v`,
  );
  await world.sql(
    `insert into or_ramp_executions (execution_uuid, vendor_id, ramp_id, workflow_version, trigger_key, trigger_payload,
       status_code, logs, created_at, updated_at)
     select gen_random_uuid(), vendor_id, id, 1, 'one', '{}', 'ERROR',
       '[{"error_type": "UnboundLocalError", "error_message": "of a thousand"}]', '2026-05-11T12:31:00Z', now()
     from or_ramps where name = 'Thousand'`,
  );
  const asked = await desk.dryRun('since=2026-05-11T00:00Z error="of a thousand"');
  expect(desk.shown(asked).text).toContain('and 996 more');
  await desk.click(asked, 'approve');
  await desk.reply(asked, /Paused/);
  await desk.click({ ...asked, ts: (await desk.bar(asked)).ts }, 'stop');
  await desk.settled(asked.batchId);
  const [message, ...more] = customersIn(asked);
  expect(more).toEqual([]);
  expect(rowsOf(known(message, 'customers'))).toEqual([]);
  const text = pasted(known(message, 'customers'));
  expect(text.length).toBeLessThan(3000);
  expect(text).toContain('All 1,000 missing projects of 1,000 customers are still missing.');
  expect(text).toContain('- and 970 more customers');
  const file = desk.slack.files().find((one) => one.name === `customers-${asked.batchId.slice(0, 8)}.csv`);
  const lines = String(file?.content).trim().split('\r\n');
  // The others matched, and were left alone.
  expect(lines.filter((line) => /^Customer \d+,1,1,0,/.test(line))).toHaveLength(1000);
  expect(file?.shares[0]).toMatchObject({ threadTs: asked.ts });
});

test('a process that dies before the list leaves it to whoever comes after it', async () => {
  const ramp = await customerNamed('Acme');
  await desk.failed(1, { ramp });
  const asked = await desk.waiting(0, 'U0ONCALL', { ramp });
  await desk.click(asked, 'approve');
  await desk.settled(asked.batchId);
  expect(customersIn(asked)).toHaveLength(1);
  // As such a process leaves the thread: the end is told, the list is owed. The release before knows nothing of this column.
  const owed = { list: 'customers', parts: 0, again: false, table: 'due', tries: 0, pause: 0, told: false };
  await desk.world.sql(
    `update retry_batch.slack_threads set owed_customers = $2, settled = false, next_try_at = now() where batch_id = $1`,
    [asked.batchId, JSON.stringify([owed])],
  );
  await desk.slack.waitFor(() => customersIn(asked).length === 2, { what: 'the list again' });
  await desk.settled(asked.batchId);
  expect(customersIn(asked)).toHaveLength(2);
});

test('where uploads are switched off the customers stand there all the same', async () => {
  const ramp = await customerNamed('Acme');
  await desk.failed(2, { ramp });
  const asked = await desk.waiting(0, 'U0ONCALL', { ramp });
  const target = 'files.getUploadURLExternal';
  const fault = desk.slack.fault({ target, kind: 'error', error: 'file_uploads_disabled' });
  await desk.click(asked, 'approve');
  await desk.report(asked);
  expect(rowsOf(await listed(asked))).toHaveLength(2);
  // The list behind it is told of as missing.
  await desk.reply(asked, /📎.*results/i);
  expect(desk.replies(asked).filter(({ text }) => /📎.*customers/i.test(text))).toEqual([]);
  desk.slack.clearFaults(fault);
});
