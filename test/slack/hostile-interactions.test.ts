// Every interaction that the app listens to, and those it doesn't, with parts missing, doubled or of another type: the
// bot takes the delivery or refuses it, and decides nothing. Each of them whole does decide, which ends the file.
import { Agent, request } from 'node:http';
import fc from 'fast-check';
import { signedBody } from '../../src/dev/slack/delivery/signature.ts';
import { parseCommand } from '../../src/slack/command/parse-command.ts';
import { setBrake } from '../../src/store/brake.ts';
import { cases } from '../support/cases.ts';
import { shared } from '../support/shared.ts';
import { SIGNING_SECRET, TEAM } from '../support/slack.ts';
import { until } from '../support/until.ts';
import { damaged, type Json } from './damaged.ts';
import { openDesk } from './desk.ts';
import { payloadsOf, TRIGGER } from './hostile-payloads.ts';

/** What each button does to a batch that is as it has to be, in the audit trail's words. */
const DOES = {
  approve: 'approved',
  cancel: 'cancelled',
  pause: 'paused',
  resume: 'resumed',
  stop: 'stopped',
  continue: 'continued_anyway',
  retry_held: 'retried_held',
} as const;
type Button = keyof typeof DOES;
const BUTTONS = Object.keys(DOES) as Button[];

const CASES = cases(10_000);

const desk = shared(() => openDesk());
let channel: string;
let batches: Readonly<Record<string, string>>;
const crashes: unknown[] = [];
const crashed = (error: unknown) => crashes.push(error);

beforeAll(async () => {
  process.on('unhandledRejection', crashed);
  process.on('uncaughtException', crashed);
  channel = desk.channel();
  // The runs stay where they are: nothing but a click moves them.
  await setBrake(desk.app.db, true, { kind: 'system', name: 'test' });
  const ready = BUTTONS.map(async (button) => [button, await batchFor(button)] as const);
  batches = Object.fromEntries(await Promise.all(ready));
});
afterAll(async () => {
  process.off('unhandledRejection', crashed);
  process.off('uncaughtException', crashed);
});

/** A batch on which this button would do its work. */
async function batchFor(button: Button): Promise<string> {
  const asked = await desk.waiting(2);
  const { batchId } = asked;
  if (button === 'approve' || button === 'cancel') return batchId;
  await desk.click(asked, 'approve');
  await desk.becomes(batchId, 'running');
  if (button === 'pause' || button === 'stop') return batchId;
  const holder =
    button === 'resume' ? { kind: 'slack', teamId: TEAM, userId: 'U0ADMIN', user: null } : undefined;
  await desk.world.sql(
    `update retry_batch.batches set status = 'paused', held_at = now(), held_by = $2 where id = $1`,
    [batchId, JSON.stringify(holder ?? { kind: 'system', name: 'canaries' })],
  );
  await desk.world.sql(
    `update retry_batch.plan_rows set held_because = 'its canary failed' where batch_id = $1 and position = 1`,
    [batchId],
  );
  return batchId;
}

const { click, command, opening, others, forms } = payloadsOf({
  channel: () => channel,
  batches: () => batches,
  url: () => desk.slack.url,
});

/** Whether Slack could have sent this click for somebody who may: the test's own reading of the contract. */
function decides(payload: Json): boolean {
  const { type, user, team, actions } = payload as {
    type: unknown;
    user: Json;
    team?: Json | null;
    actions: Json[];
  };
  const teams = [team, ...(user?.team_id === undefined ? [] : [{ id: user.team_id }])].filter(
    (one) => one != null,
  );
  const byAdmin = user?.id === 'U0ADMIN' && teams.length > 0 && teams.every((one) => one?.id === TEAM);
  const [action, ...more] = Array.isArray(actions) ? actions : [];
  const button = BUTTONS.find((one) => action?.action_id === `retry_batch_${one}`);
  const onBatch =
    button !== undefined && more.length === 0 && Object.values(batches).some((id) => id === action?.value);
  return type === 'block_actions' && byAdmin && onBatch;
}

function plans(form: Json): boolean {
  const { text } = form;
  const whole = { command: '/retry-batch', team_id: TEAM, user_id: 'U0ONCALL', channel_id: channel };
  const isWhole = Object.entries(whole).every(([name, value]) => form[name] === value);
  return isWhole && typeof text === 'string' && parseCommand(text, Date.now()).kind === 'request';
}

type Sent = { readonly form: string; readonly status: number };

/** Each delivery has a trigger of its own, or the bot would take it for one that it has seen. */
const delivered = (payload: Json): Json =>
  payload.trigger_id === TRIGGER ? { ...payload, trigger_id: crypto.randomUUID() } : payload;

/** Sends a body as Slack would sign it. */
function send(form: string, agent?: Agent): Promise<Sent> {
  // An event comes as JSON, everything else as a form.
  const kind = form.startsWith('{') ? 'json' : 'x-www-form-urlencoded';
  const { body, headers } = signedBody(form, SIGNING_SECRET, { contentType: `application/${kind}` });
  const all = { ...headers, 'content-length': String(Buffer.byteLength(body)) };
  return new Promise((resolve, reject) => {
    const outgoing = request(
      `${desk.app.url}/slack/events`,
      { method: 'POST', headers: all, agent },
      (answer) => {
        answer.resume().on('end', () => resolve({ form, status: answer.statusCode ?? 0 }));
      },
    );
    outgoing.on('error', reject);
    outgoing.end(body);
  });
}

const asPayload = (payload: Json) => `payload=${encodeURIComponent(JSON.stringify(delivered(payload)))}`;

/** A slash command's fields: what is a list comes as often as it is long, what is no text as JSON. */
function asForm(fields: Json): string {
  const pairs = Object.entries(delivered(fields)).flatMap(([name, value]) =>
    (Array.isArray(value) ? value : [value]).map((one): [string, string] => [
      name,
      typeof one === 'string' ? one.toWellFormed() : (JSON.stringify(one) ?? ''),
    ]),
  );
  return new URLSearchParams(pairs).toString();
}

/** Sends whatever `bodies` makes, so many times: all of it is taken or refused, and nothing comes of it. */
async function nothingComesOf(bodies: fc.Arbitrary<string>): Promise<void> {
  const before = await desk.snapshot();
  const agent = new Agent({ keepAlive: true, maxSockets: 400 });
  const sending: Promise<Sent>[] = [];
  fc.assert(
    fc.property(bodies, (body) => {
      sending.push(send(body, agent));
    }),
    { numRuns: CASES },
  );
  const sent = await Promise.all(sending);
  agent.destroy();
  const taken = sent.filter(({ status }) => status === 200);
  expect(sent.filter(({ status }) => status !== 200 && status !== 400).slice(0, 3)).toEqual([]);
  // Some got past the first look (three in a hundred do): it is not that alone which keeps the batches safe.
  expect(taken.length).toBeGreaterThan(CASES * 0.005);
  // Behind everything that was sent: when this is answered, the others were taken.
  await desk.told('U0ONCALL', () => desk.command('help'));
  expect(crashes).toEqual([]);
  expect(await desk.snapshot()).toBe(before);
}

describe(`${CASES} damaged deliveries decide nothing and harm nobody`, () => {
  test('where they were clicks on the buttons of batches that wait for just these', async () => {
    const user = ['user', 'user.id', 'user.team_id', 'team', 'team.id'];
    const often = ['type', ...user, 'actions', 'actions.0', 'actions.0.value', 'actions.0.action_id'];
    const clicks = BUTTONS.map((button) => click(button));
    await nothingComesOf(
      damaged(clicks, often)
        .filter((one) => !decides(one))
        .map(asPayload),
    );
  });

  test('where they were commands', async () => {
    await nothingComesOf(
      damaged([command()], ['command', 'text', 'team_id', 'user_id', 'channel_id'])
        .filter((one) => !plans(one))
        .map(asForm),
    );
  });

  test('where they were shortcuts, and the form with its searches', async () => {
    const often = [
      'type',
      'user',
      'user.id',
      'team',
      'view',
      'view.private_metadata',
      'view.state',
      'message',
    ];
    await nothingComesOf(damaged(forms(), often).map(asPayload));
  });

  test('where they were openings of the app', async () => {
    const often = [
      'type',
      'team_id',
      'event',
      'event.type',
      'event.user',
      'event.channel',
      'authorizations.0',
    ];
    await nothingComesOf(
      damaged([opening()], often)
        .filter((one) => !decides(one))
        .map((one) => JSON.stringify(one)),
    );
  });

  test('where they were of a kind that the bot does not listen to', async () => {
    await nothingComesOf(
      damaged(others(), ['type', 'actions', 'view', 'event', 'user'])
        .filter((one) => !decides(one))
        .map(asPayload),
    );
  });
});

describe('what was damaged', () => {
  test.each(BUTTONS)('is whole a click on %s that decides', async (button) => {
    expect(await desk.actions(String(batches[button]))).not.toContain(DOES[button]);
    const { status } = await send(asPayload(click(button)));
    expect(status).toBe(200);
    await until('the batch says so', async () =>
      (await desk.actions(String(batches[button]))).includes(DOES[button]),
    );
  });

  test('is whole a command that makes a dry run', async () => {
    await send(asForm(command()));
    await until('a plan is stored', async () => {
      const sql = `select from retry_batch.batches b join retry_batch.slack_threads t on t.batch_id = b.id
        where t.channel_id = $1`;
      return (await desk.world.sql(sql, [channel])).length === 1;
    });
  });
});
