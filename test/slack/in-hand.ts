// A run that stands still in the middle: one of its rows is at its turn and waits.
import type { Execution, Ramp } from '../support/world.ts';
import { type Asked, type Desk, known } from './desk.ts';

export type Waiting = Asked & { readonly ramp: Ramp; readonly executions: readonly Execution[] };

/** Approves a run that waits. Its `nth` row, counted from 0, is held at its turn; resolves when it is there. */
export async function approveUpTo(desk: Desk, run: Waiting, nth = 1) {
  const hold = await desk.holdAt(known(run.executions[nth], 'the execution to hold'), run.ramp);
  await desk.click(run, 'approve');
  await hold.reached();
  return hold;
}

/** A run of so many rows whose lists are in its thread, approved, and held at its `nth` row, counted from 0. */
export async function runInHand(desk: Desk, rows: number, nth = 1) {
  const { ramp, executions, ...asked } = await desk.waiting(rows);
  await desk.reply(asked, new RegExp(`^Eligible.* ${rows}\\b`));
  const hold = await approveUpTo(desk, { ...asked, ramp, executions }, nth);
  return { asked, ramp, executions, hold };
}
