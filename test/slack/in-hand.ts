// A run that stands still in the middle: one of its rows is at its turn and waits.
import { type Asked, type Desk, known } from './desk.ts';

/** Approves a run of so many rows whose `nth` one, counted from 0, is held at its turn, and resolves when it is there. */
export async function runInHand(desk: Desk, rows: number, nth = 1) {
  const { ramp, executions } = await desk.failed(rows);
  const hold = await desk.holdAt(known(executions[nth], 'the execution to hold'), ramp);
  const asked: Asked = await desk.dryRun(`since=2026-05-11T00:00Z ramp=${ramp.uuid}`);
  await desk.reply(asked, new RegExp(`Eligible: ${rows}`));
  await desk.click(asked, 'approve');
  await hold.reached();
  return { asked, ramp, executions, hold };
}
