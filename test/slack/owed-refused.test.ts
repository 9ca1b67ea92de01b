// Who may not have sent what a run owes, and when nobody may: refused privately at the button and once more at the click that
// sends, and kept in the audit trail.
import { shared } from '../support/shared.ts';
import { TEAM } from '../support/slack.ts';
import { until } from '../support/until.ts';
import { buttonsOf, wordsOf } from './desk.ts';
import { openOwedDesk, type Run } from './owed-desk.ts';

const desk = shared(() => openOwedDesk({ environment: { SLACK_REQUIRE_SECOND_PERSON: 'true' } }));

afterEach(async () => {
  for (const user of ['U0ADMIN', 'U0ADMIN2', 'U0ONCALL']) await desk.close(user);
});

/** A run that U0ADMIN approved, of a customer who wants both. */
async function approved(): Promise<Run> {
  return desk.ran([[await desk.customer(), 1]]);
}

const refusals = ({ batchId }: Run) =>
  desk.world.sql<{ because: string; user: string }>(
    `select evidence ->> 'because' as because, actor ->> 'userId' as user from retry_batch.events
     where batch_id = $1 and action = 'refused' and evidence ->> 'attempted' = 'send_owed' order by id`,
    [batchId],
  );

async function refusedAtTheButton(run: Run, user: string, because: string, says: RegExp): Promise<void> {
  const told = await desk.privately(user, () => desk.button(run, user, { sendAnyway: true }));
  expect(told.text).toMatch(says);
  expect(desk.slack.viewsOf(user)).toEqual([]);
  expect(await refusals(run)).toEqual([{ because, user }]);
  expect(await desk.stored(run.batchId)).toEqual([]);
}

test('whoever is not mapped is told who can', async () => {
  const run = await approved();
  await refusedAtTheButton(run, 'U0ONCALL', 'not_mapped', /not mapped.*Who can: /s);
  expect(wordsOf(await desk.reply(run, /Sending owed notifications refused/))).toContain('<@U0ONCALL>');
});

test('whoever approved the run is no second person, nor is their other account; another admin is', async () => {
  const run = await approved();
  await refusedAtTheButton(run, 'U0ADMIN', 'second_person_sends', /You approved this run.*Who can: /s);
  await desk.world.mapping(TEAM, 'U0ONCALL', desk.admin.id);
  const told = await desk.privately('U0ONCALL', () => desk.button(run, 'U0ONCALL'));
  expect(told.text).toMatch(/You approved this run/);
  await desk.world.sql(`delete from retry_batch.slack_identities where slack_user_id = 'U0ONCALL'`);
  const [vendor = 0] = run.vendors;
  await desk.sums(run, { webhook: [vendor] }, 'U0ADMIN2');
  await desk.send('U0ADMIN2');
  await desk.all(run.batchId, 'delivered');
});

test('whoever loses the role between the sums and the click sends nothing', async () => {
  const run = await approved();
  const [vendor = 0] = run.vendors;
  await desk.sums(run, { webhook: [vendor], email: [vendor] }, 'U0ADMIN2');
  await desk.world.sql(
    `update retry_batch.slack_identities set revoked_at = now() where slack_user_id = 'U0ADMIN2'`,
  );
  const told = await desk.privately('U0ADMIN2', () => desk.send('U0ADMIN2'));
  expect(told.text).toMatch(/not mapped/);
  await desk.world.sql(
    `update retry_batch.slack_identities set revoked_at = null where slack_user_id = 'U0ADMIN2'`,
  );
  expect(await refusals(run)).toEqual([{ because: 'not_mapped', user: 'U0ADMIN2' }]);
  expect(await desk.stored(run.batchId)).toEqual([]);
});

test('nobody sends what somebody else was shown', async () => {
  const run = await approved();
  const [vendor = 0] = run.vendors;
  await desk.sums(run, { webhook: [vendor] }, 'U0ADMIN2');
  await desk.world.sql(
    `update retry_batch.owed_choices set slack_user_id = 'U0SOMEBODY' where batch_id = $1`,
    [run.batchId],
  );
  const told = await desk.privately('U0ADMIN2', () => desk.send('U0ADMIN2'));
  expect(told.text).toMatch(/too old to be sent/);
  expect(await desk.stored(run.batchId)).toEqual([]);
});

test('when the lists go the button goes by itself, and a click that was late is refused', async () => {
  const run = await approved();
  const [vendor = 0] = run.vendors;
  await desk.sums(run, { webhook: [vendor] }, 'U0ADMIN2');
  const endedAgo = (interval: string) =>
    desk.world.sql(`update retry_batch.batches set ended_at = now() - $2::interval where id = $1`, [
      run.batchId,
      interval,
    ]);
  await endedAgo('2 days');
  await desk.settled(run.batchId);
  expect(buttonsOf(desk.shownReport(run))).not.toEqual([]);
  await endedAgo('29 days 23 hours 55 minutes');
  // Before anybody clicks: a refusal, too, has the thread looked at.
  await until('the button is gone', () => buttonsOf(desk.shownReport(run)).length === 0);
  const late = await desk.privately('U0ADMIN2', () => desk.send('U0ADMIN2'));
  expect(late.text).toMatch(/could be sent until/);
  expect(await desk.stored(run.batchId)).toEqual([]);
  expect(await refusals(run)).toEqual([{ because: 'owed_over', user: 'U0ADMIN2' }]);
});

test('a run that told its customers itself, and one that an application replayed, owe nothing here', async () => {
  const loud = await desk.ran([[await desk.customer(), 1]], 'suppress=off');
  expect(buttonsOf(loud.report)).toEqual([]);
  // As a screen might still show it.
  const seen = (batchId: string) => [
    {
      type: 'actions',
      block_id: 'seen',
      elements: [
        {
          type: 'button',
          action_id: 'retry_batch_owed',
          value: batchId,
          text: { type: 'plain_text', text: 'Send' },
        },
      ],
    },
  ];
  const told = await desk.privately('U0ADMIN2', () =>
    desk.button(loud, 'U0ADMIN2', { seen: seen(loud.batchId) }),
  );
  expect(told.text).toMatch(/nothing is owed/);
  const there = await approved();
  await desk.world.sql(`update retry_batch.batches set replay_host = 'app.test' where id = $1`, [
    there.batchId,
  ]);
  await refusedAtTheButton(there, 'U0ADMIN2', 'owed_elsewhere', /application makes the replays/);
});
