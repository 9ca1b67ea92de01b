// What reaches the bot from outside: only what Slack signed, and in time; whatever it is, it harms nothing.
import { sendHttp } from '../../src/dev/slack/delivery/send-http.ts';
import type { Tampering } from '../../src/dev/slack/delivery/signature.ts';
import { signedForm } from '../../src/dev/slack/delivery/signature.ts';
import { LONGEST_WAIT_MS } from '../../src/dev/slack/longest-wait.ts';
import { shared } from '../support/shared.ts';
import { SIGNING_SECRET, TEAM } from '../support/slack.ts';
import { type Asked, openDesk } from './desk.ts';

const desk = shared(() => openDesk());
let asked: Asked;
let crashes: unknown[] = [];
const crashed = (error: unknown) => crashes.push(error);

beforeAll(async () => {
  process.on('unhandledRejection', crashed);
  process.on('uncaughtException', crashed);
  asked = await desk.waiting(1);
});
afterAll(async () => {
  process.off('unhandledRejection', crashed);
  process.off('uncaughtException', crashed);
});
beforeEach(() => {
  crashes = [];
});

describe.each<Tampering>(['bad_signature', 'stale', 'future', 'unsigned', 'altered_body'])(
  'a delivery that is %s',
  (tampering) => {
    test('is refused with 401, whatever it is, and nothing changes', async () => {
      const before = await desk.snapshot();
      const click = await desk.click(asked, 'approve', 'U0ADMIN', { tampering });
      const command = await desk.command('since=2h', 'U0ONCALL', asked.channel, { tampering });
      expect([click.status, command.status]).toEqual([401, 401]);
      expect(await desk.snapshot()).toBe(before);
      expect(
        await desk.world.sql(`select from retry_batch.slack_deliveries where key like 'trigger:' || $1`, [
          click.triggerId,
        ]),
      ).toEqual([]);
    });
  },
);

test.each(['GET', 'PUT', 'DELETE', 'HEAD'])(
  '%s on the address of the events is no way in',
  async (method) => {
    const response = await fetch(`${desk.app.url}/slack/events`, { method });
    expect(response.status).toBe(405);
    expect(response.headers.get('allow')).toBe('POST');
  },
);

/** A form as Slack would sign it, on a connection of its own; the answer's status. */
async function post(body: string): Promise<number> {
  const reply = await sendHttp(
    `${desk.app.url}/slack/events`,
    signedForm(body, SIGNING_SECRET),
    LONGEST_WAIT_MS,
  );
  if (reply.kind !== 'answered') throw new Error(`${reply.kind}: ${JSON.stringify(reply)}`);
  return reply.status;
}

/** The bot still lives and works, and did nothing of what it was sent. */
async function unharmed(before: string): Promise<void> {
  // Behind everything that was sent: when this is answered, the others were taken.
  await desk.told('U0ONCALL', () => desk.command('help'));
  expect(crashes).toEqual([]);
  expect(await desk.snapshot()).toBe(before);
}

const click = (overrides: Record<string, unknown> = {}) => ({
  type: 'block_actions',
  team: { id: TEAM },
  user: { id: 'U0ADMIN', team_id: TEAM },
  container: { type: 'message', channel_id: asked.channel, message_ts: asked.ts },
  channel: { id: asked.channel },
  response_url: `${desk.slack.url}/response/unknown`,
  trigger_id: undefined,
  actions: [{ type: 'button', action_id: 'retry_batch_approve', block_id: 'b', value: asked.batchId }],
  ...overrides,
});

test('signed bodies that are no click and no command change nothing and harm nobody', async () => {
  const before = await desk.snapshot();
  const [action] = click().actions;
  const payload = (value: unknown) => `payload=${encodeURIComponent(JSON.stringify(value))}`;
  const withAction = (value: unknown) => payload(click({ actions: [value] }));
  const bodies = [
    '',
    'a=b',
    'payload=null',
    'payload=7',
    'payload=[]',
    'payload=%7B',
    `${payload(click())}&${payload(click())}`,
    payload(click({ actions: [] })),
    payload(click({ actions: [action, action] })),
    withAction({ ...action, value: `${asked.batchId}' or '1'='1` }),
    withAction({ ...action, action_id: '__proto__' }),
    withAction({ ...action, value: undefined }),
    payload({ ...click(), type: 'view_submission', view: null }),
    payload({ type: 'event_callback', event: null }),
  ];
  const answers = await Promise.all(bodies.map(post));
  expect(answers[bodies.indexOf('payload=null')]).toBe(400);
  await unharmed(before);
});

test('a body beyond any delivery of Slack is turned away unread', async () => {
  const before = await desk.snapshot();
  expect(await post(`text=${'x'.repeat(2_000_000)}`)).toBe(413);
  await unharmed(before);
});
