import { shared } from '../support/shared.ts';
import { until } from '../support/until.ts';
import { ask, called, calls, named } from './calling.ts';
import { buttonsOf, known, openDesk } from './desk.ts';

const desk = shared(() => openDesk());

test('the requester has those who can approve called, by name, in the thread and in the channel, and nobody else', async () => {
  const asked = await desk.waiting(2);
  await ask(desk, asked);
  const call = await called(desk, asked);
  expect(call.broadcast).toBe(true);
  expect(call.text).toContain('<@U0ADMIN> <@U0ADMIN2>: your approval is asked for: replay 2 executions?');
  for (const user of ['U0ADMIN', 'U0ADMIN2']) expect(desk.slack.isMentioned(user, call)).toBe(true);
  for (const user of ['U0GUEST', 'U0ONCALL']) expect(desk.slack.isMentioned(user, call)).toBe(false);
  expect(await desk.actions(asked.batchId)).toContain('approval_asked');
  const { called: noted, by } = await desk.world.one<{ called: string[]; by: string }>(
    `select evidence -> 'called' as called, actor ->> 'userId' as by from retry_batch.events
     where batch_id = $1 and action = 'approval_asked'`,
    [asked.batchId],
  );
  expect([noted, by]).toEqual([['U0ADMIN', 'U0ADMIN2'], 'U0ONCALL']);
});

test('once a batch: who asks again is told when they were asked and who can, and nobody is called twice', async () => {
  const asked = await desk.waiting(1);
  await ask(desk, asked);
  await called(desk, asked);
  // Also when the channel's pause is over.
  await desk.world.sql(
    `update retry_batch.slack_threads set called_at = called_at - interval '11 minutes' where batch_id = $1`,
    [asked.batchId],
  );
  const answer = await desk.told('U0ONCALL', () => ask(desk, asked));
  expect(answer.text).toMatch(/were asked at .* and are asked once.*Who can: /s);
  await desk.click(asked, 'approve');
  await desk.becomes(asked.batchId, 'finished');
  await desk.settled(asked.batchId);
  expect(calls(desk, asked)).toHaveLength(1);
});

test('of two bots and many clicks at the same moment one calls', async () => {
  const asked = await desk.waiting(1);
  const other = await desk.another();
  const first = known(desk.environment.SLACK_API_URL, 'address');
  expect(first).not.toBe('');
  const { slack, app } = desk;
  // Half of the clicks go to the one process, half to the other.
  await Promise.all([
    ...Array.from({ length: 4 }, () => ask(desk, asked)),
    (async () => {
      slack.setRequestUrl(`${other.url}/slack/events`);
      await Promise.all(Array.from({ length: 4 }, () => ask(desk, asked)));
      slack.setRequestUrl(`${app.url}/slack/events`);
    })(),
  ]);
  await called(desk, asked);
  const events = (await desk.actions(asked.batchId)).filter((one) => one === 'approval_asked');
  expect(events).toHaveLength(1);
  await other.stop();
  expect(calls(desk, asked)).toHaveLength(1);
});

test('in one channel at most once in ten minutes, whichever batch it is for', async () => {
  const first = await desk.waiting(1);
  await ask(desk, first);
  await called(desk, first);
  const { ramp } = await desk.failed(1);
  const before = desk.slack.channelMessages(first.channel).length;
  await desk.command(`since=2026-05-11T00:00Z ramp=${ramp.uuid}`, 'U0ADMIN', first.channel);
  const message = await desk.slack.waitFor(
    (now) =>
      now
        .channelMessages(first.channel)
        .slice(before)
        .find((one) => buttonsOf(one).includes('approve')),
    { what: 'another dry run' },
  );
  const second = await until('its thread is noted', async () => {
    const sql =
      'select batch_id as id from retry_batch.slack_threads where channel_id = $1 and message_ts = $2';
    return (await desk.world.sql<{ id: string }>(sql, [first.channel, message.ts]))[0];
  });
  const asked = { channel: first.channel, ts: message.ts, batchId: second.id };
  const answer = await desk.told('U0ADMIN', () => ask(desk, asked, 'U0ADMIN'));
  expect(answer.text).toMatch(/asked in this channel a moment ago.*Try again at/s);
  await desk.world.sql(
    `update retry_batch.slack_threads set called_at = called_at - interval '11 minutes' where batch_id = $1`,
    [first.batchId],
  );
  await ask(desk, asked, 'U0ADMIN');
  // Whoever asks knows already.
  expect((await called(desk, asked)).text).toMatch(/^🙋 <@U0ADMIN2>: your/);
});

test('somebody who neither asked for the dry run nor may approve it calls nobody', async () => {
  const asked = await desk.waiting(1, 'U0ADMIN');
  const answer = await desk.told('U0ONCALL', () => ask(desk, asked));
  expect(answer.text).toContain('Only the person who asked or a mapped admin may ask for approval of this');
  expect(await desk.actions(asked.batchId)).not.toContain('approval_asked');
  expect(await desk.actions(asked.batchId)).toContain('refused');
});

test('what nobody decides about any more is not asked for', async () => {
  const asked = await desk.waiting(1);
  await desk.click(asked, 'cancel', 'U0ONCALL');
  await desk.becomes(asked.batchId, 'cancelled');
  const answer = await desk.told('U0ONCALL', () => ask(desk, asked));
  expect(answer.text).toContain('was cancelled by');
  expect(await desk.actions(asked.batchId)).not.toContain('approval_asked');
});

test('a call whose answer was lost stands there twice at most, and says so', async () => {
  const asked = await desk.waiting(1);
  await desk.reply(asked, /Eligible/);
  const { channel } = asked;
  const fault = desk.slack.fault({ target: 'chat.postMessage', kind: 'lost_answer', times: 1, channel });
  await ask(desk, asked);
  await desk.slack.waitFor(() => calls(desk, asked).length === 2, { what: 'the call once more' });
  desk.slack.clearFaults(fault);
  expect(calls(desk, asked)[1]?.text).toContain('Sent again');
});

test('an admin who does not read the channel gets a direct message with the counts and a link', async () => {
  const quiet = await openDesk({
    slack: { channels: [{ id: 'C0QUIET', name: 'quiet', members: ['U0RETRYBOT', 'U0ONCALL', 'U0ADMIN'] }] },
  });
  const { ramp } = await quiet.failed(2);
  const asked = await quiet.dryRun(`since=2026-05-11T00:00Z ramp=${ramp.uuid}`, 'U0ONCALL', 'C0QUIET');
  await ask(quiet, asked);
  const direct = (user: string) =>
    quiet.slack.channels().find((one) => one.id.startsWith('D') && one.members.includes(user));
  const message = await quiet.slack.waitFor((now) => now.channelMessages(direct('U0ADMIN2')?.id ?? '')[0], {
    what: 'a direct message',
  });
  expect(message.text).toContain('Approval needed: replay 2 executions? <@U0ONCALL> wants to.');
  expect(message.text).toContain('Matched 2');
  expect(message.text).toContain(
    `<${quiet.slack.permalink(quiet.shown(asked))}|on its message> in <#C0QUIET>`,
  );
  expect(direct('U0ADMIN')).toBeUndefined();
  await quiet.stop();
});

describe('of what was fixed while the dry run waits', () => {
  test('nobody is called for: the call and the direct message ask for what the message asks for', async () => {
    const quiet = await openDesk({
      slack: { channels: [{ id: 'C0QUIET', name: 'quiet', members: ['U0RETRYBOT', 'U0ONCALL', 'U0ADMIN'] }] },
    });
    const { ramp, executions } = await quiet.failed(3);
    const asked = await quiet.dryRun(`since=2026-05-11T00:00Z ramp=${ramp.uuid}`, 'U0ONCALL', 'C0QUIET');
    await quiet.world.project(known(executions[0], 'first execution'));
    await quiet.aMinutePasses(asked);
    await quiet.slack.waitFor(() => quiet.shown(asked).text.includes('Replay 2 failed executions?'), {
      what: 'the count of what is left',
    });
    await ask(quiet, asked);
    expect((await called(quiet, asked)).text).toContain('replay 2 executions?');
    const direct = await quiet.slack.waitFor(
      (now) => {
        const where = now
          .channels()
          .find((one) => one.id.startsWith('D') && one.members.includes('U0ADMIN2'));
        return now.channelMessages(where?.id ?? '')[0];
      },
      { what: 'a direct message' },
    );
    expect(direct.text).toContain('Approval needed: replay 2 executions?');
    await quiet.stop();
  });

  test('nothing is asked for where that is everything, and whoever asks is told', async () => {
    const asked = await desk.waiting(2);
    for (const execution of asked.executions) await desk.world.project(execution);
    const answer = await desk.told('U0ONCALL', () => ask(desk, asked));
    expect(answer.text).toContain('all 2 are fixed already');
    expect(await desk.actions(asked.batchId)).not.toContain('approval_asked');
    await desk.slack.waitFor(() => !buttonsOf(desk.shown(asked)).includes('ask'), {
      what: 'the message without the button',
    });
    // Nor does a refusal offer it.
    const refused = await desk.told('U0ONCALL', () =>
      desk.click(asked, 'approve', 'U0ONCALL', {
        seen: [approveButton(asked.batchId)],
      }),
    );
    expect(buttonsOf(refused)).toEqual([]);
  });
});

const approveButton = (batchId: string) => ({
  type: 'actions',
  elements: [
    {
      ...{ type: 'button', action_id: 'retry_batch_approve', value: batchId },
      text: { type: 'plain_text', text: 'Approve 2' },
    },
  ],
});

test('SLACK_APPROVERS names a user group that is called instead', async () => {
  const group = await openDesk({ environment: { SLACK_APPROVERS: 'S0APPROVERS' } });
  const asked = await group.waiting(1);
  await ask(group, asked);
  const call = await called(group, asked);
  expect(call.text).toMatch(/^🙋 <!subteam\^S0APPROVERS>: your/);
  expect(group.slack.isMentioned('U0ADMIN', call)).toBe(true);
  await group.stop();
});

describe('where a second person has to approve', () => {
  const strict = shared(() =>
    openDesk({ environment: { SLACK_REQUIRE_SECOND_PERSON: 'true', SLACK_APPROVERS: 'S0APPROVERS' } }),
  );

  test('the requester is never called, neither by name nor by a group', async () => {
    await named(strict);
    const asked = await strict.waiting(1, 'U0ADMIN');
    const refused = await strict.told('U0ADMIN', () => strict.click(asked, 'approve'));
    expect(refused.text).toContain('Who can: Tomás Herrera.');
    expect(refused.text).not.toContain('Priya');
    // The answer has the button; it need not be looked for.
    expect(buttonsOf(refused)).toEqual(['ask']);
    await strict.slack.human.click({
      user: 'U0ADMIN',
      channel: asked.channel,
      ts: refused.ts,
      actionId: 'retry_batch_ask',
    });
    const call = await called(strict, asked);
    expect(call.text).toMatch(/^🙋 <@U0ADMIN2>: /);
    expect(strict.slack.isMentioned('U0ADMIN', call)).toBe(false);
    // Nor is anybody left for the other admin to call.
    const other = await strict.waiting(1, 'U0ADMIN');
    const answer = await strict.told('U0ADMIN2', () => ask(strict, other, 'U0ADMIN2'));
    expect(answer.text).toContain('Nobody else is mapped who can approve this');
  });

  test('nobody else being mapped is said, and how to mend that', async () => {
    const asked = await strict.waiting(1, 'U0ADMIN');
    await strict.world.sql(
      `update retry_batch.slack_identities set revoked_at = now() where slack_user_id = 'U0ADMIN2'`,
    );
    const answer = await strict.told('U0ADMIN', () => ask(strict, asked, 'U0ADMIN'));
    expect(answer.text).toContain('Nobody else is mapped who can approve this');
    expect(await strict.actions(asked.batchId)).not.toContain('approval_asked');
  });
});
