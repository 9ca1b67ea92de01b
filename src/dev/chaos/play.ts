// What chaos.ts starts: rounds of batches under every fault there is, each followed by a recount. Exit 1 on a violation.
import { writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { SCRIPTS } from '../../usage.ts';
import { playCampaign } from './campaign.ts';
import type { RoundResult } from './round.ts';
import { printRound, printSummary, summarize } from './summary.ts';

const print = (text: string) => void process.stdout.write(`${text}\n`);

function readArguments() {
  try {
    const { values } = parseArgs({
      options: {
        rounds: { type: 'string', default: '5' },
        seed: { type: 'string', default: String(Date.now()) },
        round: { type: 'string' },
        jobs: { type: 'string', default: '1' },
        endpoint: { type: 'boolean', default: false },
        json: { type: 'string' },
        logs: { type: 'boolean', default: false },
      },
    });
    const rounds = Number(values.rounds);
    const jobs = Number(values.jobs);
    const only = values.round === undefined ? undefined : Number(values.round);
    if (!Number.isInteger(rounds) || rounds < 1) throw new Error('--rounds takes a whole number from 1');
    if (!Number.isInteger(jobs) || jobs < 1) throw new Error('--jobs takes a whole number from 1');
    if (only !== undefined && !Number.isInteger(only)) throw new Error('--round takes a whole number');
    return { ...values, jobs, first: only ?? 1, last: only ?? rounds };
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : error}\n\n${SCRIPTS.chaos.usage}\n`);
    process.exit(64);
  }
}

const { seed, first, last, jobs, endpoint, json, logs } = readArguments();
let interrupted = false;
const end = () => {
  interrupted = true;
};
// What a library of the servers does on a signal would end them in the middle of a round: the rounds that are going are
// played to their end, so that nothing is left behind.
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.removeAllListeners(signal);
  process.on(signal, end);
}
process.on('disconnect', end);

function tell(result: RoundResult, all: readonly RoundResult[]): void {
  print(printRound(result));
  for (const what of result.violations) print(`  ${what}`);
  if (logs)
    for (const [name, lines] of Object.entries(result.logs)) print(`${name}:\n  ${lines.join('\n  ')}`);
  // After each round, so that a campaign that is broken off has its numbers too.
  if (json !== undefined) writeFileSync(json, `${JSON.stringify(summarize(seed, endpoint, all), null, 2)}\n`);
}

const isOver = () => interrupted;
const results = await playCampaign({ seed, first, last, jobs, endpoint, isOver, onRound: tell });
const summary = summarize(seed, endpoint, results);
print(printSummary(summary));
process.exit(summary.violations.length > 0 ? 1 : 0);
