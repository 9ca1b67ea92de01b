// Somebody approves a run and loses the role while it goes on.
import { known, openDesk, wordsOf } from '../slack/desk.ts';
import { shared } from '../support/shared.ts';

const desk = shared(() => openDesk({ environment: { REPLAY_CONCURRENCY: '1' } }));

test('the report says that whoever approved could not do so now', async () => {
  const { ramp, executions } = await desk.failed(2);
  const hold = await desk.holdAt(known(executions[1], 'second execution'), ramp);
  const asked = await desk.dryRun(`since=2026-05-11T00:00Z ramp=${ramp.uuid}`);
  await desk.click(asked, 'approve');
  await hold.reached();
  await desk.world.sql('delete from or_user_roles where user_id = $1', [desk.admin.id]);
  await hold.letGo();
  const report = await desk.report(asked);
  expect(wordsOf(report)).toContain('who has lost that right since');
  expect(report.text.split('\n')[0]).toBe('✅ All 2 replayed');
});
