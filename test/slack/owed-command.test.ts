// npm run notifications -- owed: what a suppressed run owes, for whoever is not in Slack.
import { runScript } from '../support/script.ts';
import { shared } from '../support/shared.ts';
import { openOwedDesk } from './owed-desk.ts';

const desk = shared(() => openOwedDesk());

const owed = (word: string) => runScript('notifications', ['owed', word], { DATABASE_URL: desk.world.url });

test('the command tells by customer what a run owes, and that it owes nothing once that is sent', async () => {
  const [a, b] = [await desk.customer(), await desk.customer(['email'])];
  const run = await desk.ran([
    [a, 2],
    [b, 1],
  ]);
  const before = await owed(run.batchId.slice(0, 8));
  expect(before).toMatchObject({ code: 0, err: '' });
  const lines = before.out.split('\n').map((line) => line.trim().split(/\s{2,}/));
  expect(lines).toContainEqual([`Customer 1 (${a})`, '2', '2', '0', '0']);
  expect(lines).toContainEqual([`Customer 2 (${b})`, '0', '1', '0', '0']);
  expect(before.out).toContain(
    `Batch ${run.batchId.slice(0, 8)} owes 2 webhooks and 3 e-mails to 2 customers.`,
  );
  await desk.sums(run, { webhook: [a], email: [a, b] });
  await desk.send();
  await desk.all(run.batchId, 'delivered');
  const after = await owed(run.batchId);
  expect(after).toMatchObject({ code: 0, err: '' });
  expect(after.out).toContain('owes nothing.');
});

test('of a run that told its customers as it went nothing is owed, and an unknown one is named', async () => {
  const run = await desk.ran([[await desk.customer(['webhook']), 1]], 'suppress=off');
  expect((await owed(run.batchId)).out).toContain('told its customers as it went: nothing is owed');
  const unknown = await owed('00000000');
  expect(unknown.code).toBe(1);
  expect(unknown.err + unknown.out).toContain('00000000');
});
