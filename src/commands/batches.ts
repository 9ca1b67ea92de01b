// npm run batches: plans, runs and their audit trail, without Slack. It reads and changes nothing.
import { exportBatch } from './batches/export.ts';
import { listBatches } from './batches/list.ts';
import { showBatch } from './batches/show.ts';
import { runCommand, UsageError } from './run-command.ts';

const USAGE_TEXT = `Usage:
  npm run batches -- list [HOW_MANY]     the newest batches (20 where nothing is said), each recounted
  npm run batches -- show ID             one batch: request, counts, decision, progress, closing equation, audit trail
  npm run batches -- export ID           its complete results and audit trail as CSV
  npm run batches -- export ID --json    the same as JSON lines

ID is the batch's id, or as much of its head as no other batch has. The exit code is 1 where the database does not
confirm what a run counted; the first line says so.`;

await runCommand(
  USAGE_TEXT,
  async (context) => {
    const [verb, ...rest] = context.words;
    const words = rest.filter((word) => word !== '--json');
    const asJson = words.length < rest.length;
    const [word, ...more] = words;
    if (more.length > 0 || (asJson && verb !== 'export')) throw new UsageError('batches: too many words');
    if (verb === 'list') return listBatches(context, word);
    if (word === undefined) throw new UsageError('batches: say list, or show or export and which batch');
    if (verb === 'show') return showBatch(context, word);
    if (verb === 'export') return exportBatch(context, word, asJson ? 'json' : 'csv');
    throw new UsageError(`batches: there is no ${verb}`);
  },
  'bot',
);
