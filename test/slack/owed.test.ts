// What a suppressed run owes its customers: chosen customer by customer, shown as sums, and sent as it was shown, each once.
import { customerAccepts } from '../notify/verify-signature.ts';
import { shared } from '../support/shared.ts';
import { until } from '../support/until.ts';
import { buttonsOf, wordsOf } from './desk.ts';
import { openOwedDesk, type Run } from './owed-desk.ts';

const desk = shared(() => openOwedDesk());

afterEach(async () => {
  desk.slack.clearFaults();
  for (const user of ['U0ADMIN', 'U0ADMIN2', 'U0ONCALL']) await desk.close(user);
});

/** What the receiver got of a run's webhooks. */
async function receivedOf(run: Run) {
  const ids = new Set((await desk.stored(run.batchId)).map(({ id }) => id));
  return desk.receiver.received.filter(({ headers }) => ids.has(String(headers['webhook-id'])));
}

test('what is ticked goes out, to these customers and no other, and the report follows it', async () => {
  const [a, b, c] = [await desk.customer(), await desk.customer(), await desk.customer()];
  const run = await desk.ran([
    [a, 2],
    [b, 3],
    [c, 1],
  ]);
  expect(buttonsOf(run.report)).toEqual(['owed']);
  const list = await desk.opened(run);
  expect(desk.slack.printView(list)).toContain('6 webhooks and 6 e-mails to 3 customers');
  // None is ticked.
  expect(desk.inputs(list)).toEqual({ webhook: [], email: [] });
  const { view } = await desk.sums(run, { webhook: [a, b], email: [a] });
  const words = desk.slack.printView(view);
  expect(words).toContain('5 webhooks and 2 e-mails to 2 customers');
  expect(words).toContain('Send 7');
  expect(await desk.stored(run.batchId)).toEqual([]);
  const told = await desk.privately('U0ADMIN', () => desk.send());
  expect(told.text).toContain('On their way: 5 webhooks and 2 e-mails to 2 customers');
  expect(desk.slack.viewsOf('U0ADMIN')).toEqual([]);
  await desk.all(run.batchId, 'delivered');
  expect(await desk.told(run)).toEqual([
    { webhook: 2, email: 2 },
    { webhook: 3, email: 0 },
    { webhook: 0, email: 0 },
  ]);
  const line = await desk.reply(run, /Owed notifications sent/);
  expect(wordsOf(line)).toContain('<@U0ADMIN>');
  expect(wordsOf(line)).toContain('5 webhooks and 2 e-mails to 2 customers');
  await desk.reportSays(run, /Webhooks: 5 sent. E-mails: 2 sent/);
  expect(buttonsOf(desk.shownReport(run))).toEqual(['owed']);
  // What is left goes later, and with it the button.
  await desk.sums(run, { webhook: [c], email: [b, c] }, 'U0ADMIN2');
  await desk.send('U0ADMIN2');
  await desk.reportSays(run, /Webhooks: 6 sent. E-mails: 6 sent/);
  expect(buttonsOf(desk.shownReport(run))).toEqual([]);
});

test('nothing ticked is a mistake at the list, and sends nothing', async () => {
  const run = await desk.ran([[await desk.customer(), 1]]);
  await desk.opened(run);
  const { errors } = await desk.slack.human.submit({ user: 'U0ADMIN' });
  expect(errors).toEqual({ webhook: expect.stringContaining('nothing is chosen') });
  expect(await desk.stored(run.batchId)).toEqual([]);
});

test('it says what the run would have said, signed at this moment', async () => {
  const [owed, told] = [await desk.customer(), await desk.customer()];
  const [quiet, loud] = [await desk.ran([[owed, 1]]), await desk.ran([[told, 1]], 'suppress=off')];
  expect(buttonsOf(loud.report)).toEqual([]);
  await desk.all(loud.batchId, 'delivered');
  const project = await desk.world.one<{ name: string; uuid: string; account: number; at: Date }>(
    `select p.name, p.project_uuid as uuid, p.account_id as account, p.created_at as at from or_projects p
     where p.vendor_id = $1`,
    [owed],
  );
  await desk.world.sql(`update or_projects set name = 'Renamed since' where project_uuid = $1`, [
    project.uuid,
  ]);
  const before = Math.floor(Date.now() / 1000);
  await desk.sums(quiet, { webhook: [owed], email: [owed] });
  await desk.send();
  await desk.all(quiet.batchId, 'delivered');
  const [[late], [usual]] = [await receivedOf(quiet), await receivedOf(loud)];
  const [body, usually] = [late, usual].map((one) => JSON.parse(String(one?.body)));
  expect(body.data).toMatchObject({
    project_uuid: project.uuid,
    name: project.name,
    account_id: project.account,
  });
  expect(body.timestamp).toBe(project.at.toISOString());
  expect(Object.keys(body.data)).toEqual(Object.keys(usually.data));
  expect(Object.values(body.data).every((value) => value !== null && value !== '')).toBe(true);
  const { 'webhook-id': id, 'webhook-timestamp': at, 'webhook-signature': signature } = late?.headers ?? {};
  expect(Number(at)).toBeGreaterThanOrEqual(before);
  const signed = {
    id: String(id),
    timestamp: String(at),
    signature: String(signature),
    body: String(late?.body),
  };
  expect(await customerAccepts(new TextEncoder().encode('shared'), signed)).toBe(true);
  const mails = desk.mail.mails.filter(({ raw }) => raw.includes(project.uuid));
  expect(mails).toHaveLength(1);
  expect(mails[0]?.raw).toContain(project.at.toISOString());
});

test('what changes between the sums and the click is left out and counted, and nothing more goes than was shown', async () => {
  const [a, b] = [await desk.customer(), await desk.customer(['email'])];
  const run = await desk.ran([
    [a, 3],
    [b, 2],
  ]);
  const { view } = await desk.sums(run, { webhook: [a], email: [b] });
  expect(desk.slack.printView(view)).toContain('Send 5');
  await desk.world.sql(
    `with gone as (select id from or_projects where vendor_id = $1 limit 1),
       tasks as (delete from or_project_tasks where project_id in (select id from gone))
     delete from or_projects where id in (select id from gone)`,
    [a],
  );
  await desk.world.sql('update or_vendors set notify_email = null, crm_webhook_url = $2 where id = $1', [
    b,
    desk.receiver.url,
  ]);
  const told = await desk.privately('U0ADMIN', () => desk.send());
  expect(told.text).toContain('On their way: 2 webhooks to 1 customer');
  expect(told.text).toContain('Left out: 1 whose project is gone, 2 whose customer has no address any more.');
  expect(await desk.told(run)).toEqual([
    { webhook: 2, email: 0 },
    { webhook: 0, email: 0 },
  ]);
  expect(wordsOf(await desk.reply(run, /Owed notifications sent/))).toContain('1 whose project is gone');
  const { evidence } = await desk.world.one<{ evidence: unknown }>(
    `select evidence from retry_batch.events where batch_id = $1 and action = 'owed_sent'`,
    [run.batchId],
  );
  expect(evidence).toEqual({
    ...{ webhooks: 2, emails: 0, customers: 1, vendor_ids: [a] },
    left_out: { gone: 1, asked: 0, nowhere: 2, unsaid: 0 },
  });
});

describe('each goes once', () => {
  const TWICE = { webhook: 2, email: 2 };

  /** Lets both come to the batch's row, which is held, and opens it when they wait there. */
  async function collide({ batchId }: Run, ...acts: (() => Promise<unknown>)[]): Promise<void> {
    const holding = await desk.world.connect();
    await holding.query('begin');
    await holding.query('select from retry_batch.batches where id = $1 for update', [batchId]);
    await Promise.all(acts.map((act) => act()));
    await until('all of them wait for the batch', async () => {
      const sql = `select from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'
        and query like '%for no key update%'`;
      return (await desk.world.sql(sql)).length === acts.length;
    });
    await holding.query('rollback');
    await holding.end();
  }

  test('two admins at the same moment: the second one’s are left out and counted', async () => {
    const vendor = await desk.customer();
    const run = await desk.ran([[vendor, 2]]);
    for (const user of ['U0ADMIN', 'U0ADMIN2'])
      await desk.sums(run, { webhook: [vendor], email: [vendor] }, user);
    await collide(
      run,
      () => desk.send('U0ADMIN'),
      () => desk.send('U0ADMIN2'),
    );
    await desk.reply(run, /Nothing was left to send. Left out: 4 that somebody had sent before/);
    expect(await desk.told(run)).toEqual([TWICE]);
    await desk.all(run.batchId, 'delivered');
    expect(await receivedOf(run)).toHaveLength(2);
  });

  test('a click that is delivered twice, again later, and clicked again because its answer was lost', async () => {
    const vendor = await desk.customer();
    const run = await desk.ran([[vendor, 2]]);
    const { view } = await desk.sums(run, { webhook: [vendor], email: [vendor] });
    desk.slack.fault({ target: 'delivery:view_submission', kind: 'lost_answer', times: 1 });
    const told = desk.slack.ephemeralsOf('U0ADMIN').length;
    const first = await desk.send('U0ADMIN', { viewId: view.id });
    expect(first.outcome).not.toBe('acknowledged');
    await desk.slack.waitFor((now) => now.ephemeralsOf('U0ADMIN').length > told, { what: 'that it is sent' });
    expect(await desk.stored(run.batchId)).toHaveLength(4);
    const again = await desk.privately('U0ADMIN', () => desk.send('U0ADMIN', { viewId: view.id, copies: 2 }));
    expect(again.text).toContain('was sent already');
    await desk.slack.redeliver(first.id);
    expect(await desk.told(run)).toEqual([TWICE]);
    const sent = (await desk.actions(run.batchId)).filter((action) => action === 'owed_sent');
    expect(sent).toHaveLength(1);
  });
});

test('with the brake on it waits, as the sums say, and goes when the brake is off', async () => {
  const vendor = await desk.customer(['webhook']);
  const run = await desk.ran([[vendor, 1]]);
  await desk.world.sql('update retry_batch.brake set is_on = true');
  const { view } = await desk.sums(run, { webhook: [vendor] });
  expect(desk.slack.printView(view)).toContain('The emergency brake is on: they wait until it is lifted.');
  await desk.send();
  await desk.reportSays(run, /Webhooks: 0 sent, 1 queued/);
  await until('its delivery was tried, and put off', async () => {
    const sql = `select from retry_batch_queue.job j join retry_batch.notifications n on n.id::text = j.data ->> 'id'
      where n.batch_id = $1 and j.state = 'completed'`;
    return (await desk.world.sql(sql, [run.batchId])).length > 0;
  });
  expect(await receivedOf(run)).toEqual([]);
  await desk.world.sql('update retry_batch.brake set is_on = false');
  await desk.all(run.batchId, 'delivered');
  expect(await receivedOf(run)).toHaveLength(1);
});

test('a webhook that is refused for good is parked, and the report says so', async () => {
  const vendor = await desk.customer(['webhook']);
  const run = await desk.ran([[vendor, 1]]);
  const { path } = await desk.world.one<{ path: string }>(
    `select '/hook/' || split_part(crm_webhook_url, '/hook/', 2) as path from or_vendors where id = $1`,
    [vendor],
  );
  desk.answers.set(path, [410]);
  await desk.sums(run, { webhook: [vendor] });
  await desk.send();
  await desk.all(run.batchId, 'parked');
  await desk.reportSays(run, /Webhooks: 0 sent, 1 parked/);
});

test('many customers are searched, and all of them can be picked at once', async () => {
  const vendors = [];
  for (let n = 0; n < 12; n += 1) vendors.push(await desk.customer(['webhook']));
  const run = await desk.ran(vendors.map((id) => [id, 1]));
  const list = await desk.opened(run);
  expect(JSON.stringify(list.content.blocks)).toContain('multi_external_select');
  const search = (query: string) =>
    desk.slack.human.suggest({ user: 'U0ADMIN', actionId: 'retry_batch_owed_webhook', query });
  const all = await search('');
  expect(all.options).toHaveLength(13);
  expect(all.options[0]).toMatchObject({ value: 'all', text: { text: 'All 12 customers: 12 webhooks' } });
  const [third] = vendors.slice(2);
  expect((await search(String(third))).options).toMatchObject([{ value: String(third) }]);
  await desk.slack.human.submit({ user: 'U0ADMIN', values: { retry_batch_owed_webhook: ['all'] } });
  const sums = await desk.viewOf('U0ADMIN', 'retry_batch_owed_sums');
  expect(desk.slack.printView(sums)).toContain('12 webhooks to 12 customers');
  await desk.send();
  await desk.all(run.batchId, 'delivered');
  expect(await desk.told(run)).toEqual(vendors.map(() => ({ webhook: 1, email: 0 })));
});

test('a run whose customers have no address owes nothing and has no button', async () => {
  const run = await desk.ran([[await desk.customer([]), 1]]);
  expect(buttonsOf(run.report)).toEqual([]);
  expect(run.report.text).toContain('Customers heard nothing.');
});
