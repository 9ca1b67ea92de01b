// Asks Sentry about every batch whose time has come, beside everything else: whoever runs or decides never waits for it.
import { stageOf } from '../../domain/batch.ts';
import * as batches from '../../store/batches.ts';
import { type Claim, claimDue, settle } from '../../store/sentry.ts';
import { every } from '../every.ts';
import type { EnginePorts } from '../ports.ts';
import { askAbout, UNCONFIGURED } from './ask-sentry.ts';

const PATIENCE_MS = 10_000;
const AT_ONCE = 4;
const LOOK_MS = 1000;
/** How often without Sentry. */
const SELDOM_MS = 60_000;

/** After so long no process asks any more: Sentry is not configured now. */
const NOBODY_SECONDS = 300;

/**
 * Asks about those that are due, a few at once; without Sentry, says of those that nobody has asked about. Any number of processes
 * may do so. Throws as `Tx.query` does.
 */
async function askDue(ports: EnginePorts): Promise<void> {
  const overdueSeconds = ports.sentry === null ? NOBODY_SECONDS : 0;
  const claims = await claimDue(ports.db.autocommit, AT_ONCE, overdueSeconds);
  await Promise.all(claims.map((claim) => askAndStore(ports, claim)));
}

async function askAndStore(ports: EnginePorts, claim: Claim): Promise<void> {
  const { sentry } = ports;
  const tx = ports.db.autocommit;
  const batch = await batches.find(tx, claim.batchId);
  if (batch === undefined) return;
  const about = stageOf(batch.status) === 'ran' ? 'run' : 'plan';
  // Once somebody has decided, nobody needs it any more; a retry has an end of its own.
  const isWanted = about === 'run' || batch.status === 'waiting';
  const ask = () => (sentry === null ? UNCONFIGURED : askAbout(ports, sentry, batch, about, PATIENCE_MS));
  await settle(tx, claim, about, isWanted ? await ask() : null);
  ports.onChange(batch.id);
}

/**
 * Asks every second, and without Sentry every minute, until `signal` fires. What goes wrong is reported to `warn` and tried
 * again. Never throws.
 */
export async function askUntil(
  ports: EnginePorts,
  signal: AbortSignal,
  warn: (error: unknown) => void,
): Promise<void> {
  const pauseMs = ports.sentry === null ? SELDOM_MS : LOOK_MS;
  await every(ports.clock, pauseMs, signal, () => askDue(ports), warn);
}
