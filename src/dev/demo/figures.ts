// What the database says about the incident, looked at again and again while somebody watches.

import { setTimeout as sleep } from 'node:timers/promises';
import { isBefore } from 'date-fns/isBefore';
import pg from 'pg';
import { executionsOf } from '../incident/executions.ts';
import { INCIDENT } from '../incident/seed.ts';
import type { Figure } from '../slack-page/outside.ts';

export type Figures = {
  current(): readonly Figure[];
  stop(): Promise<void>;
};

const EVERY_MS = 400;
const LABELS = ['Executions in ERROR', 'in SUCCESS', 'Projects', 'History entries'] as const;

type Counts = readonly number[];

/** The same counts of the seed itself: what there was before anything was replayed. */
function before(): Counts {
  const { executions, projects } = executionsOf();
  const since = executions.filter((row) => !isBefore(String(row.created_at), INCIDENT.since));
  const ids = new Set(since.map((row) => row.id));
  const withStatus = (status: string): number => since.filter((row) => row.status_code === status).length;
  return [
    withStatus('ERROR'),
    withStatus('SUCCESS'),
    projects.filter((row) => ids.has(row.execution_id)).length,
    0,
  ];
}

const COUNT = `
  with incident as (select id, status_code from or_ramp_executions where created_at >= $1)
  select (select count(*) from incident where status_code = 'ERROR') as errors,
    (select count(*) from incident where status_code = 'SUCCESS') as successes,
    (select count(*) from or_projects where execution_id in (select id from incident)) as projects,
    (select count(*) from or_workflow_history where execution_id in (select id from incident)) as entries`;

export type Audience = {
  /** Nobody asks the database while nobody watches. */
  readonly isWatched: () => boolean;
  readonly onChange: () => void;
};

/** Watches one database; while it is away the last figures stand. */
export function watchFigures(databaseUrl: string, { isWatched, onChange }: Audience): Figures {
  const pool = new pg.Pool({ connectionString: databaseUrl, max: 1, application_name: 'demo figures' });
  pool.on('error', () => {});
  const seeded = before();
  const stopping = new AbortController();
  let counts: Counts = seeded;

  const look = async (): Promise<void> => {
    const found = await pool.query(COUNT, [INCIDENT.since]).catch(() => undefined);
    const row = found?.rows[0] as Record<string, string> | undefined;
    const fresh = row ? Object.values(row).map(Number) : counts;
    if (fresh.join() === counts.join()) return;
    counts = fresh;
    onChange();
  };
  const lookAgain = async (): Promise<void> => {
    while (!stopping.signal.aborted) {
      if (isWatched()) await look();
      await sleep(EVERY_MS, undefined, { signal: stopping.signal }).catch(() => {});
    }
  };
  const looking = lookAgain();
  return {
    current: () => counts.map((value, n) => ({ label: LABELS[n] ?? '', value, before: seeded[n] ?? 0 })),
    stop: async () => {
      stopping.abort();
      await looking;
      await pool.end();
    },
  };
}
