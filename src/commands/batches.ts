// npm run batches: plans, runs and their audit trail, without Slack. It reads and changes nothing.
import { parseArgs } from 'node:util';
import { runCommand, UsageError } from './run-command.ts';

await runCommand(async (context) => {
  const { words, options } = readWords(context.words);
  const [verb, word, ...more] = words;
  if (more.length > 0) throw new UsageError('batches: too many words');
  if (verb !== 'export' && Object.keys(options).length > 0)
    throw new UsageError('batches: --json and --output are for export');
  if (verb === 'list') return (await import('./batches/list.ts')).listBatches(context, word);
  if (word === undefined) throw new UsageError('batches: say list, or show or export and which batch');
  if (verb === 'show') return (await import('./batches/print.ts')).printBatch(context, word);
  if (verb !== 'export') throw new UsageError(`batches: there is no ${verb}`);
  if (options.output === '') throw new UsageError('batches: say which file behind --output');
  const { exportBatch } = await import('./batches/export.ts');
  return exportBatch(context, { word, as: options.json ? 'json' : 'csv', file: options.output ?? null });
}, 'bot');

function readWords(words: readonly string[]) {
  const options = { json: { type: 'boolean' }, output: { type: 'string', short: 'o' } } as const;
  try {
    const { values, positionals } = parseArgs({ args: [...words], options, allowPositionals: true });
    return { words: positionals, options: values };
  } catch (error) {
    throw new UsageError(`batches: ${error instanceof Error ? error.message : String(error)}`);
  }
}
