// Pause, Stop and the emergency brake in one process, while another one works on the run: effective before the next
// replay, whichever process was told.
import { pause, resume, stop } from '../../src/engine/decide/pause.ts';
import { call, type RunningApp, startApp } from '../support/app.ts';
import { books, eachOnce, status } from '../support/incident.ts';
import { type Holder, held, inLine, TRIGGER_LOCK, workerPid } from '../support/locks.ts';
import { type BotProcess, spawnFile, startBot } from '../support/process.ts';
import { approved, person } from '../support/races.ts';
import { shared } from '../support/shared.ts';
import { until } from '../support/until.ts';
import { createWorld } from '../support/world.ts';

const ROWS = 4;

const world = shared(createWorld);
/** Works on no run: the database lets it join none. */
let other: RunningApp;
let bot: BotProcess;
const admin = shared(() => person(world));
const ramp = shared(() => world.ramp());

beforeAll(async () => {
  bot = await startBot(world, { REPLAY_CONCURRENCY: '1' });
  await world.sql(`
    create function join_no_run() returns trigger language plpgsql as $$
    begin
      if current_setting('application_name') = 'other'
          and exists (select from retry_batch.batches where id = new.batch_id and door = 'slack') then
        raise exception 'not this one' using errcode = '57P01';
      end if;
      return new;
    end $$;
    create trigger join_no_run before insert on retry_batch.run_workers
      for each row execute function join_no_run()`);
  other = await startApp(world, { DATABASE_URL: `${world.url}?application_name=other` });
});

/** A run with its second row in hand. */
async function inHand(): Promise<{ batchId: string; trigger: Holder }> {
  const rows = await Promise.all(Array.from({ length: ROWS }, () => world.execution({ ramp })));
  const trigger = await inLine(world, TRIGGER_LOCK, [rows.map((row) => row.id).sort((a, b) => a - b)[1]]);
  const batchId = await approved(other.ports, rows, admin);
  await held(world, /pg_advisory_xact_lock/);
  return { batchId, trigger };
}

const nobodyAtIt = (batchId: string) =>
  until('nobody works on the run', async () => {
    const workers = 'select from retry_batch.run_workers where batch_id = $1';
    return (await world.sql(workers, [batchId])).length === 0;
  });

it('Pause: the replay in hand ends, no other begins, and Resume goes on where it stood', async () => {
  const { batchId, trigger } = await inHand();
  expect(await pause(other.ports, batchId, admin)).toMatchObject({ kind: 'done' });
  await trigger.release();
  await nobodyAtIt(batchId);
  expect((await books(world, batchId)).outcomes).toEqual({ success: 2, open: ROWS - 2 });
  expect(await resume(other.ports, batchId, admin)).toMatchObject({ kind: 'done' });
  await status(world, batchId, 'finished');
  expect(await books(world, batchId)).toEqual(eachOnce(ROWS));
});

it('Stop: the replay in hand ends, and the rest is not reached', async () => {
  const { batchId, trigger } = await inHand();
  expect(await stop(other.ports, batchId, admin)).toMatchObject({ kind: 'done' });
  await trigger.release();
  await status(world, batchId, 'stopped');
  expect((await books(world, batchId)).outcomes).toEqual({ success: 2, not_reached: ROWS - 2 });
});

it('the emergency brake: no replay begins in any process or call until it is off', async () => {
  const halt = async (word: string) =>
    (await spawnFile('src/commands/halt.ts', [word], { DATABASE_URL: world.url }).exited).code;
  const { batchId, trigger } = await inHand();
  expect(await workerPid(world, batchId)).toBeGreaterThan(0);
  expect(await halt('on')).toBe(0);
  await trigger.release();
  await until('the replay in hand ended', async () => {
    const { outcomes } = await books(world, batchId);
    return outcomes.success === 2;
  });
  const cookie = await world.session((await world.user()).id);
  const execution = await world.execution({ ramp });
  const asked = { execution_uuids: [execution.uuid], dry_run: false, suppress_notifications: true };
  for (const app of [other, { ...other, url: bot.url }]) {
    const answered = await call(app, cookie, asked);
    expect(answered.body).not.toMatchObject({ summary: { success: 1 } });
  }
  expect((await books(world, batchId)).outcomes).toEqual({ success: 2, open: ROWS - 2 });
  expect(await halt('off')).toBe(0);
  await status(world, batchId, 'finished');
  expect(await books(world, batchId)).toEqual(eachOnce(ROWS));
});
