// The whole job through Socket Mode: no public address, the same listeners, and connections that come and go.

import { shared } from '../support/shared.ts';
import { buttonsOf, openDesk } from './desk.ts';

const desk = shared(() => openDesk({ socketMode: true }));
beforeAll(async () => {
  await desk.slack.waitFor((now) => now.openSockets() > 0, { what: 'a connection' });
});
test('a dry run, a refusal, an approval and a report, across a refreshed and a cut connection', async () => {
  const asked = await desk.waiting(2);
  expect(desk.shown(asked).text).toContain('Eligible 2');
  const refused = await desk.told('U0ONCALL', () => desk.click(asked, 'approve', 'U0ONCALL'));
  expect(refused.text).toContain('not mapped');

  desk.slack.disconnectSockets('refresh');
  await desk.slack.waitFor((now) => now.openSockets() === 0, {
    what: 'the old connection to go',
  });
  await desk.slack.waitFor((now) => now.openSockets() > 0, { what: 'a new connection' });
  const delivery = await desk.click(asked, 'approve', 'U0ADMIN', { copies: 2 });
  expect(delivery).toMatchObject({ outcome: 'acknowledged' });
  await desk.becomes(asked.batchId, 'finished');

  desk.slack.disconnectSockets('cut');
  await desk.slack.waitFor((now) => now.openSockets() === 0, { what: 'the cut' });
  await desk.slack.waitFor((now) => now.openSockets() > 0, { what: 'a new connection' });
  await desk.slack.redeliver(delivery.id);
  expect((await desk.report(asked)).text).toContain('2 = 2 succeeded');
  const help = await desk.told('U0ONCALL', () => desk.command('help'));
  expect(help.text).toContain('/retry-batch');
  expect(buttonsOf(desk.shown(asked))).toEqual([]);
  const actions = await desk.actions(asked.batchId);
  expect(actions.filter((one) => one === 'approved')).toHaveLength(1);
  expect(await desk.projects(asked.ramp)).toBe(2);
});

test('there is no address for events by HTTP', async () => {
  expect((await fetch(`${desk.app.url}/slack/events`, { method: 'POST', body: 'x' })).status).toBe(404);
});
