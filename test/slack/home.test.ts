// The app's Home tab: what waits, what runs, what ended last, the brake, and who one is to the bot.
import { shared } from '../support/shared.ts';
import { until } from '../support/until.ts';
import { buttonsOf, type Desk, openDesk } from './desk.ts';
import { approveUpTo } from './in-hand.ts';
import { openModalDesk } from './modal-desk.ts';

const desk = shared(() => openDesk());

const homeOf = ({ slack }: Desk, user: string) => slack.homeOf(user)?.content as { blocks: [] } | undefined;
const words = (from: Desk, user: string) => JSON.stringify(homeOf(from, user) ?? {});
const published = ({ slack }: Desk, user: string) =>
  slack
    .traffic()
    .filter((one) => one.kind === 'api' && one.method === 'views.publish' && one.args.user_id === user)
    .length;

/** Opens it and waits for what is drawn then. */
async function open(from: Desk, user: string): Promise<string> {
  const before = published(from, user);
  await from.slack.human.openHome({ user, sendAnyway: true });
  await from.slack.waitFor(() => published(from, user) > before && from.slack.homeOf(user), {
    what: 'the Home tab',
  });
  return words(from, user);
}

const shows = (from: Desk, user: string, pattern: RegExp) =>
  from.slack.waitFor(() => pattern.test(words(from, user)), { what: `a Home tab with ${pattern}` });

const head = (id: string) => id.slice(0, 8);

test('an admin sees who they are, the brake, and what waits for them with its buttons and address', async () => {
  const asked = await desk.waiting(2);
  const home = await open(desk, 'U0ADMIN');
  expect(home).toMatch(/You are mapped to OnRamp user \d+ \(priya\) and may approve/);
  expect(home).toContain('The emergency brake is off');
  expect(home).toContain(`${desk.slack.permalink(desk.shown(asked))}|${head(asked.batchId)}`);
  expect(buttonsOf({ blocks: homeOf(desk, 'U0ADMIN')?.blocks ?? [] })).toEqual([
    ...['shortcut', 'approve', 'change', 'cancel'],
  ]);
  await desk.click(asked, 'cancel', 'U0ONCALL');
  await desk.becomes(asked.batchId, 'cancelled');
});

test('it follows what happens, without being opened again: from waiting to running to ended', async () => {
  const own = await openDesk();
  await open(own, 'U0ADMIN');
  await open(own, 'U0ONCALL');
  expect(words(own, 'U0ADMIN')).toContain('Nothing waits');
  const asked = await own.waiting(2);
  await shows(own, 'U0ADMIN', /Replay 2 failed executions/);
  await shows(own, 'U0ONCALL', /Replay 2 failed executions/);
  const held = await approveUpTo(own, asked, 0);
  await shows(own, 'U0ADMIN', /Running\*: \d of 2 tried/);
  await held.letGo();
  await shows(own, 'U0ONCALL', /All 2 replayed/);
  await own.stop();
});

test('Approve there runs the plan', async () => {
  const own = await openDesk();
  const { ramp, ...asked } = await own.waiting(1);
  await open(own, 'U0ADMIN');
  await own.slack.human.clickInView({ user: 'U0ADMIN', actionId: 'retry_batch_approve', confirm: 'accept' });
  await own.becomes(asked.batchId, 'finished');
  expect(await own.projects(ramp)).toBe(1);
  await own.stop();
});

test('a button opens the form, with a choice of channel', async () => {
  const own = await openModalDesk();
  await open(own, 'U0ONCALL');
  await own.slack.human.clickInView({ user: 'U0ONCALL', actionId: 'retry_batch_shortcut' });
  expect(JSON.stringify((await own.opened('U0ONCALL')).content)).toContain('"conversations_select"');
  await own.stop();
});

test('a click there that is refused is answered in a direct message', async () => {
  const own = await openDesk();
  const asked = await own.waiting(1);
  await open(own, 'U0ADMIN');
  await own.world.sql('delete from or_user_roles where user_id = $1', [own.admin.id]);
  await own.slack.human.clickInView({ user: 'U0ADMIN', actionId: 'retry_batch_approve', confirm: 'accept' });
  const direct = () =>
    own.slack.channels().find((one) => one.id.startsWith('D') && one.members.includes('U0ADMIN'));
  const answer = await own.slack.waitFor((now) => now.channelMessages(direct()?.id ?? '')[0], {
    what: 'a direct message',
  });
  expect(answer.text).toContain('lacks the role');
  expect(await own.status(asked.batchId)).toBe('waiting');
  await own.stop();
});

test('somebody else sees their own batches alone, and why they can’t approve', async () => {
  const own = await openDesk();
  const mine = await own.waiting(1, 'U0ONCALL');
  const hers = await own.waiting(1, 'U0ADMIN');
  const home = await open(own, 'U0ONCALL');
  expect(home).toContain(head(mine.batchId));
  expect(home).not.toContain(head(hers.batchId));
  expect(home).toMatch(/You are mapped to no OnRamp user.*Who can approve: /s);
  const buttons = () => buttonsOf({ blocks: homeOf(own, 'U0ONCALL')?.blocks ?? [] });
  expect(buttons()).toEqual(['shortcut', 'ask', 'change', 'cancel']);
  await own.slack.human.clickInView({ user: 'U0ONCALL', actionId: 'retry_batch_ask' });
  await own.reply(mine, /your approval is asked for/);
  await own.slack.waitFor(() => !buttons().includes('ask'), {
    what: 'the tab without a button that is used up',
  });
  await own.stop();
});

test('nobody is shown an error text there, neither one that was asked for nor one that came back', async () => {
  const own = await openDesk();
  const revoked = await own.world.revokedRamp();
  await own.failed(4, { ramp: revoked, errorMessage: 'SECRET-LOOKING failure text' });
  const asked = await own.dryRun(`since=2026-05-11T00:00Z ramp=${revoked.uuid} error="failure text"`);
  expect(await open(own, 'U0ADMIN')).toContain(head(asked.batchId));
  await own.click(asked, 'approve');
  await own.becomes(asked.batchId, 'paused');
  await shows(own, 'U0ADMIN', /Paused by itself/);
  for (const user of ['U0ADMIN', 'U0ONCALL']) {
    expect(await open(own, user)).not.toMatch(/failure text|IntegrationAuthError|revoked/);
  }
  expect(buttonsOf({ blocks: homeOf(own, 'U0ADMIN')?.blocks ?? [] })).toContain('continue');
  await own.stop();
});

describe('the help alone is what is shown to', () => {
  const own = shared(async () => {
    const strict = await openDesk({ environment: { SLACK_PREVIEW_ROLE: 'ONRAMP_SUPPORT' } });
    return { ...strict, asked: await strict.failed(1) };
  });

  test.each([
    ['a guest', 'U0GUEST'],
    ['an outsider', 'U0EXTERN'],
    ['somebody without the role that a dry run takes', 'U0ONCALL'],
  ])('%s', async (_, user) => {
    const home = await open(own, user);
    expect(home).toContain('replays workflow executions that failed');
    expect(home).not.toMatch(/emergency brake is|Who can approve|Waiting for me/);
  });
});

test('an admin sees what waits for them also where a dry run takes a role that they lack', async () => {
  const strict = await openDesk({ environment: { SLACK_PREVIEW_ROLE: 'ONRAMP_SUPPORT' } });
  expect(await open(strict, 'U0ADMIN')).toContain('Waiting for me');
  await strict.stop();
});

test('it is drawn where no thread can be posted', async () => {
  const own = await openDesk();
  const fault = own.slack.fault({ target: 'chat.postMessage', kind: 'error', error: 'restricted_action' });
  const { ramp } = await own.failed(1);
  await own.command(`since=2026-05-11T00:00Z ramp=${ramp.uuid}`);
  await until(
    'the dry run is planned',
    async () => (await own.world.sql('select from retry_batch.batches')).length > 0,
  );
  expect(await open(own, 'U0ADMIN')).toContain('Replay 1 failed execution?');
  await own.slack.human.clickInView({ user: 'U0ADMIN', actionId: 'retry_batch_approve', confirm: 'accept' });
  await shows(own, 'U0ADMIN', /All 1 replayed/);
  own.slack.clearFaults(fault);
  await own.stop();
});

test('while Slack takes no Home tabs, threads go on, and the tab follows later', async () => {
  const own = await openDesk();
  await open(own, 'U0ADMIN');
  const fault = own.slack.fault({ target: 'views.publish', kind: '429', retryAfter: 1 });
  const asked = await own.waiting(1);
  await own.click(asked, 'approve');
  await own.report(asked);
  expect(words(own, 'U0ADMIN')).toContain('Nothing has ended yet');
  own.slack.clearFaults(fault);
  await shows(own, 'U0ADMIN', /All 1 replayed/);
  await own.stop();
});

test('an opening that Slack delivers twice is drawn once', async () => {
  const own = await openDesk();
  const fault = own.slack.fault({ target: 'delivery', kind: 'duplicate', times: 1 });
  await own.slack.human.openHome({ user: 'U0ADMIN' });
  await own.slack.waitFor(() => own.slack.homeOf('U0ADMIN'), { what: 'the Home tab' });
  own.slack.clearFaults(fault);
  // Both deliveries are acknowledged by now; what comes after them is drawn after them.
  await open(own, 'U0ONCALL');
  expect(published(own, 'U0ADMIN')).toBe(1);
  await own.stop();
});

test('whoever opened it longer than a day ago is not drawn for any more', async () => {
  const own = await openDesk();
  await open(own, 'U0ADMIN');
  await open(own, 'U0ADMIN2');
  await own.world.sql(
    `update retry_batch.slack_homes set opened_at = now() - interval '25 hours' where user_id = 'U0ADMIN2'`,
  );
  await own.waiting(1);
  await shows(own, 'U0ADMIN', /Replay 1 failed execution/);
  expect(words(own, 'U0ADMIN2')).toContain('Nothing waits');
  await own.stop();
});

test('the brake that somebody pulled elsewhere is said there, to everybody who has it open', async () => {
  const own = await openDesk();
  await open(own, 'U0ONCALL');
  await own.world.sql(`select retry_batch.pull_brake('{"kind": "system", "name": "ops"}', 'ops')`);
  await shows(own, 'U0ONCALL', /The emergency brake is on/);
  await own.stop();
});
