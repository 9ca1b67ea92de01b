// Whoever tries what they may not leaves who, what and where in the audit trail.
import { randomUUID } from 'node:crypto';
import { openDesk } from '../slack/desk.ts';
import { shared } from '../support/shared.ts';

const desk = shared(() => openDesk());

const newest = async () =>
  desk.world.one<{ batch_id: string | null; action: string; actor: unknown; evidence: unknown }>(
    `select batch_id, action, actor, evidence from retry_batch.events
     where action in ('refused', 'approval_refused') order by id desc limit 1`,
  );

/** A click as the page would make it, on a button that this message does not have. */
const forged = (asked: { channel: string; ts: string }, verb: string, value: string) =>
  desk.slack.human.click({
    user: 'U0ONCALL',
    ...asked,
    actionId: `retry_batch_${verb}`,
    confirm: 'accept',
    seen: [
      {
        type: 'actions',
        elements: [
          {
            type: 'button',
            action_id: `retry_batch_${verb}`,
            value,
            text: { type: 'plain_text', text: verb },
          },
        ],
      },
    ],
  });

test.each([
  ['approve', 'approval_refused'],
  ['cancel', 'refused'],
  ['pause', 'refused'],
  ['resume', 'refused'],
  ['stop', 'refused'],
  ['continue', 'refused'],
  ['retry_held', 'refused'],
])('a refused %s says so, with the channel and the message', async (verb, action) => {
  const asked = await desk.waiting(1, 'U0ADMIN');
  await desk.told('U0ONCALL', () => forged(asked, verb, asked.batchId));
  expect(await newest()).toMatchObject({
    batch_id: asked.batchId,
    action,
    actor: { kind: 'slack', userId: 'U0ONCALL' },
    evidence: { attempted: verb, channel_id: asked.channel, message_ts: asked.ts },
  });
});

test('a click on a batch that does not exist leaves its id, with who and where', async () => {
  const asked = await desk.waiting(1);
  const unknown = randomUUID();
  await desk.told('U0ONCALL', () => forged(asked, 'stop', unknown));
  expect(await newest()).toMatchObject({
    batch_id: null,
    actor: { kind: 'slack', userId: 'U0ONCALL' },
    evidence: {
      because: 'unknown_batch',
      attempted: 'stop',
      asked_for: unknown,
      channel_id: asked.channel,
      message_ts: asked.ts,
    },
  });
});

test('a refused command leaves the channel', async () => {
  const channel = desk.channel();
  await desk.told('U0GUEST', () => desk.command('since=2026-05-11T00:00Z', 'U0GUEST', channel));
  expect(await newest()).toMatchObject({
    batch_id: null,
    evidence: { because: 'guest', door: 'slack', channel_id: channel, message_ts: null },
  });
});
