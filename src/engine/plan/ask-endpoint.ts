// Whether the endpoint that makes the replays takes the bot's calls, asked at the start and with each dry run: a wrong key is not
// to be found out by the first approved run.
import { anyExecution } from '../../store/executions.ts';
import type { EnginePorts } from '../ports.ts';

/**
 * Asks the endpoint for one row's dry run; the sentence that says why it was refused or is away. Null where all is well, where
 * the bot replays itself, or where there is no row to ask for. Throws as `Tx.query` does.
 */
export async function askEndpoint({ db, replayer }: EnginePorts): Promise<string | null> {
  if (replayer.kind !== 'endpoint') return null;
  const executionUuid = await anyExecution(db.autocommit);
  return executionUuid === undefined ? null : replayer.ask(executionUuid);
}
