// Names and errors out of the database are data: whatever stands in them, no message, file or private answer calls
// anybody, links anywhere or breaks a limit. The local Slack judges, not the bot's own idea of what is safe.
import type { Ephemeral, Message } from '../../src/dev/slack/world/model.ts';
import { shared } from '../support/shared.ts';
import { openDesk } from './desk.ts';

const HOSTILE = [
  '<!channel> <!here> <!everyone> <!subteam^S0APPROVERS>',
  '<@U0ADMIN2> <@U1> <#C0GENERAL>',
  '<https://evil.example|the runbook> https://evil.example/x www.evil.example evil.com',
  '@here @channel @everyone @tomas #general',
  '``` `code` *bold* _it_ ~no~ > quote',
  '<!date^1^{date}^https://evil.example|now>',
  '\u202eright to left\u202c \u200bzero\u200d width \ufeff',
  '🔥👩‍👩‍👧‍👦🇳🇱 :tada: e\u0301\u0301\u0301\u0301\u0301\u0301',
  '&lt;!channel&gt; &amp;lt;@U1&amp;gt;',
  '=HYPERLINK("https://evil.example") +1 -1 @SUM(A1)',
  'x'.repeat(3000),
  '<!channel>'.repeat(400),
  'a\nb\r\nc\u2028d\u0000'.replace('\u0000', '\u0001'),
  'token=xoxb-123456789012-secret mail priya@onramp.example',
];
/** Whom the bot may mention: who asked and who decided. */
const OURS = new Set(['U0ONCALL', 'U0ADMIN', 'U0GUEST']);

const desk = shared(() => openDesk({ slack: { limiter: true }, environment: { CHUNK_SIZE: '25' } }));
function harmless(message: Message | Ephemeral): void {
  const found = desk.slack.inspect(message);
  const mentions = found.filter((one) => one.kind === 'user_mention');
  expect(mentions.filter((one) => one.source !== 'markup' || !OURS.has(one.value))).toEqual([]);
  const address = `${desk.slack.url}/archives/${message.channel}/`;
  const isOurs = (one: (typeof found)[number]) => one.kind === 'link' && one.value.startsWith(address);
  expect(found.filter((one) => one.kind !== 'user_mention' && !isOurs(one))).toEqual([]);
}

test('a whole run over hostile data mentions only its own people, links nowhere, and is drawn as it was built', async () => {
  const ramps = [];
  for (const name of HOSTILE) {
    const vendorId = await desk.world.vendor({ name, email: 'crm@customer.test' });
    const ramp = await desk.world.ramp({ vendorId });
    await desk.world.sql('update or_ramps set name = $2 where id = $1', [ramp.id, name]);
    await desk.world.execution({ ramp, errorType: name.slice(0, 200), errorMessage: name });
    // Fails again, with hostile words in the new error too.
    await desk.world.execution({ ramp, errorMessage: name, payload: { account: { id: { [name]: name } } } });
    await desk.world.project(await desk.world.execution({ ramp, errorMessage: name }));
    ramps.push(ramp);
  }
  const asked = await desk.dryRun(
    `since=2026-05-11T00:00Z suppress=off ramp=${ramps.map((ramp) => ramp.uuid).join(',')}`,
  );
  await desk.told('U0GUEST', () => desk.click(asked, 'approve', 'U0GUEST'));
  await desk.told('U0ADMIN', () => desk.command('status', 'U0ADMIN', asked.channel));
  await desk.click(asked, 'approve');
  await desk.settled(asked.batchId);
  await desk.told('U0ADMIN', () => desk.command('status', 'U0ADMIN', asked.channel));
  const all = desk.slack.thread(asked.channel, asked.ts);
  expect(all.length).toBeGreaterThan(6);
  for (const message of [...all, ...['U0GUEST', 'U0ADMIN'].flatMap((user) => desk.slack.ephemeralsOf(user))])
    harmless(message);
  // No block was refused, and nothing but Slack's own pace held a message back.
  const refused = desk.slack.traffic().flatMap((one) => {
    const { ok, error } = (one.kind === 'api' ? one.answer : {}) as { ok?: boolean; error?: string };
    return ok === false && error !== 'ratelimited' ? [error] : [];
  });
  expect(refused).toEqual([]);
  for (const message of all.filter((one) => one.files.length === 0))
    expect(message.blocks?.length).toBeGreaterThan(0);
  const shown = JSON.stringify(all);
  expect(shown).not.toContain('xoxb-123456789012-secret');
  expect(shown).not.toContain('priya@onramp.example');
});

test('a file has no cell that a spreadsheet would run, and no secret', async () => {
  const ramp = await desk.world.ramp();
  for (let i = 0; i < 110; i += 1) {
    await desk.world.execution({ ramp, errorMessage: HOSTILE[i % HOSTILE.length] ?? '' });
  }
  const asked = await desk.dryRun(`since=2026-05-11T00:00Z ramp=${ramp.uuid}`);
  await desk.reply(asked, /in replay order: 110/);
  const isIts = ({ name }: { name: string }) => name.includes(asked.batchId.slice(0, 8));
  const file = await desk.slack.waitFor((now) => now.files().find(isIts), { what: 'the file' });
  const text = String(file.content);
  expect(text).toContain(`"'=HYPERLINK(""https://evil.example"")`);
  expect(text).not.toMatch(/(^|,|")[=+@]/m);
  expect(text).not.toContain('xoxb-123456789012-secret');
  for (const message of desk.slack.thread(asked.channel, asked.ts)) harmless(message);
});

test.each(HOSTILE.map((text, index) => [index, text] as const))(
  'what somebody typed (%#) is repeated to them without harm',
  async (_, text) => {
    const before = desk.slack.ephemeralsOf('U0ONCALL').length;
    await desk.told('U0ONCALL', () =>
      desk.command(`sinc=2h error="${text.slice(0, 2500)}" ${text.slice(0, 400)}`),
    );
    for (const message of desk.slack.ephemeralsOf('U0ONCALL').slice(before)) harmless(message);
  },
);

test('a pattern full of markup is shown as it was understood, and harms nobody', async () => {
  const { ramp } = await desk.failed(1, { errorMessage: 'x <!channel> <@U1> https://evil.example y' });
  const asked = await desk.dryRun(
    `since=2026-05-11T00:00Z ramp=${ramp.uuid} error="<!channel> <@U1> https://evil.example"`,
  );
  expect(desk.shown(asked).text).toContain('Eligible 1');
  harmless(desk.shown(asked));
});
