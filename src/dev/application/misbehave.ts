// One valid call, done as it should be or as it was ordered to be done wrong.
import { setTimeout as sleep } from 'node:timers/promises';
import type pg from 'pg';
import { answerAllDone, answerDryRun, answerNothing, answerRun } from './answer.ts';
import { type Plan, planBatch, type Replayed, runBatch } from './batch.ts';
import type { Strikes } from './call.ts';
import type { CallFault, RowFault } from './faults.ts';
import { html, json, type Reply, type Whole } from './reply.ts';
import type { RetryRequest } from './request.ts';
import type { Settings } from './settings.ts';

export type Work = {
  readonly db: pg.Pool;
  readonly settings: Settings;
  readonly request: RetryRequest;
  readonly strikes: Strikes;
  readonly url: string;
  readonly onReplayed: (replayed: Replayed) => void;
};

/** What cuts a call in the middle of its work. */
class Cut extends Error {}

/** Does the work, as far as the faults let it, and answers how to reply. */
export async function reply(work: Work): Promise<Reply> {
  try {
    return await withFault(work, work.strikes.call);
  } catch (error) {
    if (error instanceof Cut) return { kind: 'cut' };
    throw error;
  }
}

async function withFault(work: Work, fault: CallFault | undefined): Promise<Reply> {
  switch (fault?.kind) {
    case undefined:
    case 'crash':
    case 'skip_reason':
      return perform(work);
    case 'answer_lost': {
      const whole = await perform(work);
      return { kind: 'cut', begun: fault.after_headers ? whole : undefined };
    }
    case 'status':
      if (fault.when === 'after') await perform(work);
      return other(fault);
    case 'slow': {
      if (fault.when === 'before') await sleep(fault.ms);
      const whole = await perform(work);
      if (fault.when === 'after') await sleep(fault.ms);
      return whole;
    }
    case 'lie_success':
      return json(200, answerAllDone(await plan(work), work.settings));
    case 'lie_nothing':
      await perform(work);
      return json(200, answerNothing(work.request, work.settings));
    case 'huge':
      if (fault.when === 'after') await perform(work);
      return { kind: 'huge', megabytes: fault.megabytes };
    case 'redirect':
      return html(fault.status, '', { location: fault.location ?? `${work.url}?redirected` });
  }
}

function other(fault: Extract<CallFault, { kind: 'status' }>): Whole {
  const { status, body } = fault;
  const named = Object.entries(fault.headers).map(([name, value]) => [name.toLowerCase(), value]);
  const headers = Object.fromEntries(named) as Record<string, string>;
  if (body === undefined) return { kind: 'whole', status, headers, body: '' };
  return typeof body === 'string' ? html(status, body, headers) : json(status, body, headers);
}

async function perform(work: Work): Promise<Whole> {
  const planned = await plan(work);
  const { db, request, settings, strikes, onReplayed } = work;
  if (request.dry_run) return json(200, answerDryRun(planned, settings));
  const interrupt = interruptionOf(strikes);
  const deviations = strikes.rows;
  const replayed = await runBatch(db, planned, { request, settings, deviations, interrupt, onReplayed });
  return json(200, answerRun(planned, replayed, settings));
}

function plan({ db, request, strikes: { call } }: Work): Promise<Plan> {
  return planBatch(db, request, ({ execution_uuid }) => {
    const isLeft = call?.kind === 'skip_reason' && (call.execution_uuids?.includes(execution_uuid) ?? true);
    return isLeft ? call.reason : null;
  });
}

function interruptionOf({ call, rows }: Strikes): (committed: number, next: string | undefined) => void {
  return (committed, next) => {
    const isCrash = call?.kind === 'crash' && (next === undefined || committed >= call.after_rows);
    const poison = rows.find((fault) => fault.kind === 'poison' && fault.execution_uuid === next);
    if (isCrash || isPoison(poison, 'exit')) process.exit(1);
    if (isPoison(poison, 'cut')) throw new Cut();
  };
}

function isPoison(fault: RowFault | undefined, how: 'cut' | 'exit'): boolean {
  return fault?.kind === 'poison' && fault.how === how;
}
