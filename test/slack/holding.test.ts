// Pause, resume, stop and the brake, between two replays of a run that is held at a known execution.
import { setBrake } from '../../src/store/brake.ts';
import { shared } from '../support/shared.ts';
import { until } from '../support/until.ts';
import { type Asked, buttonsOf, known, openDesk, wordsOf } from './desk.ts';
import { runInHand } from './in-hand.ts';

const desk = shared(() => openDesk({ environment: { REPLAY_CONCURRENCY: '1' } }));
/** A run of four, one chunk, that stands in its second replay. */
async function standing() {
  const { asked, ramp, executions, hold } = await runInHand(desk, 4);
  const { ts } = await desk.bar(asked);
  return { ...asked, ramp, executions, hold, bar: { ...asked, ts } };
}

/** The process has let go of the run. */
const left = ({ batchId }: Asked) =>
  until('nobody works on the run', async () => {
    const sql = 'select from retry_batch.run_workers where batch_id = $1';
    return (await desk.world.sql(sql, [batchId])).length === 0;
  });

test('the requester pauses between two replays; only a mapped admin lets it go on', async () => {
  const run = await standing();
  await desk.click(run.bar, 'pause', 'U0ONCALL');
  await desk.becomes(run.batchId, 'paused');
  await run.hold.letGo();
  await left(run);
  // The replay in hand was finished, and no other was begun.
  expect(await desk.projects(run.ramp)).toBe(2);
  const what = 'Resume on the bar';
  await desk.slack.waitFor(() => buttonsOf(desk.shown(run.bar)).includes('resume'), { what });
  expect(desk.shown(run).text).toContain('Paused by <@U0ONCALL>');

  const refused = await desk.told('U0ONCALL', () => desk.click(run.bar, 'resume', 'U0ONCALL'));
  expect(refused.text).toContain('not mapped');
  expect(await desk.status(run.batchId)).toBe('paused');
  const twice = await desk.told('U0ADMIN', () =>
    desk.click(run.bar, 'pause', 'U0ADMIN', { seen: button('pause', run) }),
  );
  expect(twice.text).toContain("You can't pause this batch: it is paused");

  await desk.click(run.bar, 'resume');
  await desk.becomes(run.batchId, 'finished');
  expect(await desk.projects(run.ramp)).toBe(4);
  await desk.settled(run.batchId);
  const told = desk.replies(run).map((one) => one.text);
  const order = [/Approved/, /Started/, /Paused by/, /Resume refused: <@U0ONCALL>/, /4 = 4 succeeded/];
  const places = order.map((pattern) => told.findIndex((text) => pattern.test(text)));
  expect(places).toEqual([...places].sort((a, b) => a - b));
  expect(places).not.toContain(-1);
});

test('the time that a run was paused is in neither its rate nor its duration', async () => {
  const { world } = desk;
  const { ramp, executions } = await desk.failed(6);
  const [early, late] = [
    await desk.holdAt(known(executions[1], 'second execution'), ramp),
    await desk.holdAt(known(executions[5], 'sixth execution'), ramp),
  ];
  const asked = await desk.dryRun(`since=2026-05-11T00:00Z ramp=${ramp.uuid}`);
  await desk.click(asked, 'approve');
  await early.reached();
  const bar = { ...asked, ts: (await desk.bar(asked)).ts };
  await desk.click(bar, 'pause');
  await desk.becomes(asked.batchId, 'paused');
  await early.letGo();
  await left(asked);
  // The pause lasts for an hour.
  await world.sql(
    `update retry_batch.batches set started_at = started_at - interval '1 hour' where id = $1`,
    [asked.batchId],
  );
  await world.sql(
    `update retry_batch.plan_rows set done_at = done_at - interval '1 hour' where batch_id = $1`,
    [asked.batchId],
  );
  await desk.click(bar, 'resume', 'U0ADMIN', { seen: button('resume', asked) });
  const what = 'a rate of what was replayed since';
  const shown = await desk.slack.waitFor(
    () => /^Ran \d+ s · (.*) replays? per second/m.exec(desk.shown(bar).text)?.[1],
    { what },
  );
  expect(Number(shown)).toBeGreaterThan(0.05);
  await late.letGo();
  expect((await desk.report(asked)).text).toMatch(/ran \d+ s /);
});

test('a stopped run finishes the replay in hand, and its report counts the rest as not reached', async () => {
  const run = await standing();
  const nobody = await desk.told('U0ADMIN2', async () => {
    await desk.world.sql(
      `update retry_batch.slack_identities set revoked_at = now() where slack_user_id = 'U0ADMIN2'`,
    );
    await desk.click(run.bar, 'stop', 'U0ADMIN2');
  });
  expect(nobody.text).toContain('Only the person who asked or a mapped admin may stop');
  await desk.click(run.bar, 'stop', 'U0ONCALL');
  await desk.becomes(run.batchId, 'stopping');
  await run.hold.letGo();
  const report = await desk.report(run);
  expect(report.text.split('\n')[0]).toBe('⚠️ 2 of 4 replayed; 2 projects still missing');
  expect(report.text).toContain('4 = 2 succeeded + 0 failed + 0 skipped + 2 not reached');
  expect(await desk.projects(run.ramp)).toBe(2);
  expect(report.text).toContain('2 “Acme”: not reached');
  expect(wordsOf(report)).toContain('stopped by <@U0ONCALL>');
  await desk.settled(run.batchId);
  expect(desk.replies(run).filter((one) => /Stopped by/.test(one.text))).not.toEqual([]);
  expect(buttonsOf(desk.shown(run.bar))).toEqual([]);
  expect(JSON.stringify(desk.replies(run).at(-2)?.blocks)).toContain('not_reached');
});

test('the emergency brake holds a run between two replays, the thread says so, and it goes on when lifted', async () => {
  const run = await standing();
  await setBrake(desk.app.db, true, { kind: 'system', name: 'nadia' });
  await run.hold.letGo();
  await desk.reply(run, /Emergency brake put on/);
  const what = 'the brake in the headline';
  await desk.slack.waitFor(() => desk.shown(run).text.includes('The emergency brake is ON'), {
    what,
  });
  const holds = /The emergency brake is ON.*2 of 4 tried/s;
  await desk.slack.waitFor(() => holds.test(desk.shown(run.bar).text), { what: 'the brake on the bar' });
  expect(await desk.projects(run.ramp)).toBe(2);
  expect(await desk.status(run.batchId)).toBe('running');
  await setBrake(desk.app.db, false, { kind: 'system', name: 'nadia' });
  await desk.becomes(run.batchId, 'finished');
  expect(await desk.projects(run.ramp)).toBe(4);
  await desk.reply(run, /Emergency brake lifted/);
});

test('a run that is stopped while paused ends without another replay', async () => {
  const run = await standing();
  await desk.click(run.bar, 'pause');
  await desk.becomes(run.batchId, 'paused');
  await run.hold.letGo();
  await left(run);
  await desk.click(run.bar, 'stop', 'U0ADMIN', { seen: button('stop', run) });
  await desk.becomes(run.batchId, 'stopped');
  expect(await desk.projects(run.ramp)).toBe(2);
});

function button(verb: string, { batchId }: Asked) {
  const element = { type: 'button', action_id: `retry_batch_${verb}`, value: batchId };
  return [{ type: 'actions', elements: [{ ...element, text: { type: 'plain_text', text: verb } }] }];
}
