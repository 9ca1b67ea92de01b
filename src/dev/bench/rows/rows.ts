// The rows of the table, in their order, and what their peers are run with.
import type { Publish, RowResult } from '../measure.ts';
import type { RowName } from '../options.ts';
import type { Stage } from '../stage.ts';
import type { Tool } from '../tools.ts';
import { acknowledgementRow } from './acknowledgement.ts';
import { backlogRow } from './backlog.ts';
import { callsRow } from './calls.ts';
import { cpuRow } from './cpu.ts';
import { dryRunRow, storedRow } from './dry-run.ts';
import { endpointRow } from './endpoint.ts';
import { growthRow } from './growth.ts';
import { listsRow } from './lists.ts';
import { liveRow } from './live.ts';
import { memoryRow } from './memory.ts';
import { processesRow } from './processes.ts';
import { replaysRow } from './replays.ts';
import { stopRow } from './stop.ts';

export type Row = (stage: Stage, publish: Publish) => Promise<RowResult>;

export const ROWS: Readonly<Record<RowName, Row>> = {
  'dry-run': dryRunRow,
  stored: storedRow,
  live: liveRow,
  memory: memoryRow,
  growth: growthRow,
  lists: listsRow,
  stop: stopRow,
  replays: replaysRow,
  processes: processesRow,
  backlog: backlogRow,
  calls: callsRow,
  endpoint: endpointRow,
  acknowledgement: acknowledgementRow,
  cpu: cpuRow,
};

export const NEEDS: Readonly<Partial<Record<RowName, readonly Tool[]>>> = {
  'dry-run': ['psql'],
  stored: ['psql'],
  replays: ['psql', 'pgbench'],
};
