// npm run chaos: rounds of batches under every fault there is, each followed by a recount. Exit 1 on a violation.
import { writeFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { playRound, type RoundResult } from './round.ts';
import { startServer } from './server.ts';
import { printRound, printSummary, summarize } from './summary.ts';

const USAGE = `Usage:
  npm run chaos -- --rounds 20 --seed any-word   so many rounds, drawn from the seed
  npm run chaos -- --seed any-word --round 7     that round once more
  npm run chaos -- --json FILE                   also writes the summary there
  npm run chaos -- --logs                        also prints the processes' last lines where something was violated`;

const print = (text: string) => void process.stdout.write(`${text}\n`);

function readArguments() {
  try {
    const { values } = parseArgs({
      options: {
        rounds: { type: 'string', default: '5' },
        seed: { type: 'string', default: String(Date.now()) },
        round: { type: 'string' },
        json: { type: 'string' },
        logs: { type: 'boolean', default: false },
      },
    });
    const rounds = Number(values.rounds);
    const only = values.round === undefined ? undefined : Number(values.round);
    if (!Number.isInteger(rounds) || rounds < 1) throw new Error('--rounds takes a whole number from 1');
    if (only !== undefined && !Number.isInteger(only)) throw new Error('--round takes a whole number');
    return { ...values, first: only ?? 1, last: only ?? rounds };
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : error}\n\n${USAGE}\n`);
    process.exit(64);
  }
}

const { seed, first, last, json, logs } = readArguments();
const server = await startServer();
const results: RoundResult[] = [];
let interrupted = false;
// The round that is going is played to its end, so that nothing is left behind.
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.removeAllListeners(signal);
  process.once(signal, () => {
    interrupted = true;
  });
}
for (let round = first; round <= last && !interrupted; round += 1) {
  const result = await playRound(server, seed, round);
  results.push(result);
  print(printRound(result));
  for (const what of result.violations) print(`  ${what}`);
  if (logs)
    for (const [name, lines] of Object.entries(result.logs)) print(`${name}:\n  ${lines.join('\n  ')}`);
  // After each round, so that a campaign that is broken off has its numbers too.
  if (json !== undefined) await writeFile(json, `${JSON.stringify(summarize(seed, results), null, 2)}\n`);
}
await server.stop();
const summary = summarize(seed, results);
print(printSummary(summary));
process.exit(summary.violations.length > 0 ? 1 : 0);
