// Somebody approves a run and loses the role while it goes on.
import { openDesk, wordsOf } from '../slack/desk.ts';
import { runInHand } from '../slack/in-hand.ts';
import { shared } from '../support/shared.ts';

const desk = shared(() => openDesk({ environment: { REPLAY_CONCURRENCY: '1' } }));

test('the report says that whoever approved could not do so now', async () => {
  const { asked, hold } = await runInHand(desk, 2);
  await desk.world.sql('delete from or_user_roles where user_id = $1', [desk.admin.id]);
  await hold.letGo();
  const report = await desk.report(asked);
  expect(wordsOf(report)).toContain('who has lost that right since');
  expect(report.text.split('\n')[0]).toBe('✅ All 2 replayed');
});
