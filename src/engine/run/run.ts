// One process's part in one run: what it works on and with, and how it looks whether it may go on.

import { isEnded } from '../../domain/batch.ts';
import type { Actor } from '../../domain/person.ts';
import type { Batch } from '../../domain/plan.ts';
import * as batches from '../../store/batches.ts';
import { isBrakeOn } from '../../store/brake.ts';
import type { EnginePorts } from '../ports.ts';
import type { Slots } from '../replay/slots.ts';
import type { ReplayContext } from '../replay/tries.ts';
import type { VendorGate } from '../replay/vendor-gate.ts';
import type { BreakerLimits } from './breaker.ts';

export type RunOptions = {
  readonly worker: string;
  readonly concurrency: number;
  readonly slots: Slots;
  /** After how many silent seconds another process may take the run over. */
  readonly takeoverSeconds: number;
  /** How long a run comes back to rows that were locked at their turn. */
  readonly lockedWaitSeconds: number;
  readonly breaker: BreakerLimits;
  /** Shared by everything that replays in this process, as the slots are. */
  readonly vendors: VendorGate;
  /** Calls of the application's endpoint whose end this process waits for. */
  readonly callsInHand: Set<string>;
};

/** One process's part in one run, while it lasts. */
export type Run = {
  readonly ports: EnginePorts;
  readonly options: RunOptions;
  readonly batch: Batch;
  readonly actor: Actor;
  readonly context: ReplayContext;
  readonly chunkSize: number;
  /** How many chunks are known to be done; rows before them need not be looked at. */
  chunksDone: number;
  /** Up to here every free row was taken or passed over since somebody last looked from the first open chunk on. */
  ahead: number;
  /** Whether this process should start no further replay. */
  readonly leave: () => boolean;
  readonly look: () => Promise<Look>;
};

/** What the batch and the brake say now; `gone`: this run has nothing more to do here. */
export type Look = 'running' | 'stopping' | 'braked' | 'gone';

export type Leave = 'ended' | 'paused' | 'not_mine' | 'shutting_down';

/** How far the run was when this process took it up. */
export type Position = { readonly batch: Batch; readonly chunkSize: number; readonly chunksDone: number };

/** This process's part in the run; `leave` says whether it should start no further replay. */
export function createRun(ports: EnginePorts, options: RunOptions, at: Position, leave: () => boolean): Run {
  const { batch, chunkSize, chunksDone } = at;
  return {
    ports,
    options,
    batch,
    chunkSize,
    chunksDone,
    ahead: 0,
    leave,
    actor: { kind: 'system', name: options.worker },
    context: { actor: batch.decidedBy ?? batch.requestedBy, whenLocked: 'defer', gate: options.vendors },
    look: () => look(ports, batch.id),
  };
}

async function look(ports: EnginePorts, batchId: string): Promise<Look> {
  const batch = await batches.find(ports.db.autocommit, batchId);
  if (batch === undefined || isEnded(batch.status)) return 'gone';
  if (batch.status === 'stopping') return 'stopping';
  if (batch.status !== 'running') return 'gone';
  return (await isBrakeOn(ports.db.autocommit)) ? 'braked' : 'running';
}
