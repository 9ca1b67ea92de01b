// npm run batches: plans, runs and their audit trail, without Slack. It reads and changes nothing.
import { parseArgs } from 'node:util';
import { exportBatch } from './batches/export.ts';
import { listBatches } from './batches/list.ts';
import { showBatch } from './batches/show.ts';
import { runCommand, UsageError } from './run-command.ts';

const USAGE_TEXT = `Usage:
  npm run batches -- list [HOW_MANY]     the newest batches (20 where nothing is said), each recounted
  npm run batches -- show ID             one batch: request, counts, decision, progress, closing equation, audit trail
  npm run batches -- export ID           its complete results and audit trail as CSV
  npm run batches -- export ID --json    the same as JSON lines
  npm run batches -- export ID --output results.csv    into a file; npm would write its own lines into "> results.csv"

ID is the batch's id, or as much of its head as no other batch has. The exit code is 1 where the database does not
confirm what a run counted; the first line says so.`;

await runCommand(
  USAGE_TEXT,
  async (context) => {
    const { words, options } = readWords(context.words);
    const [verb, word, ...more] = words;
    if (more.length > 0) throw new UsageError('batches: too many words');
    if (verb !== 'export' && Object.keys(options).length > 0)
      throw new UsageError('batches: --json and --output are for export');
    if (verb === 'list') return listBatches(context, word);
    if (word === undefined) throw new UsageError('batches: say list, or show or export and which batch');
    if (verb === 'show') return showBatch(context, word);
    if (verb !== 'export') throw new UsageError(`batches: there is no ${verb}`);
    if (options.output === '') throw new UsageError('batches: say which file behind --output');
    return exportBatch(context, { word, as: options.json ? 'json' : 'csv', file: options.output ?? null });
  },
  'bot',
);

function readWords(words: readonly string[]) {
  const options = { json: { type: 'boolean' }, output: { type: 'string', short: 'o' } } as const;
  try {
    const { values, positionals } = parseArgs({ args: [...words], options, allowPositionals: true });
    return { words: positionals, options: values };
  } catch (error) {
    throw new UsageError(`batches: ${error instanceof Error ? error.message : String(error)}`);
  }
}
