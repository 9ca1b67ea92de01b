// What a campaign came to, for people and as JSON.
import { execFileSync } from 'node:child_process';
import type { RoundResult } from './round.ts';
import { addCounts } from './tally.ts';

export type Summary = {
  readonly seed: string;
  /** Who made the replays. */
  readonly replays_by: 'database' | 'endpoint';
  readonly revision: string;
  readonly rounds: number;
  readonly processes: number;
  readonly rows: number;
  readonly batches: number;
  readonly replays: number;
  readonly seconds: number;
  readonly faults: Readonly<Record<string, number>>;
  readonly acts: Readonly<Record<string, number>>;
  readonly violations: readonly { readonly round: number; readonly what: string }[];
};

/** Adds the rounds up. */
export function summarize(seed: string, endpoint: boolean, rounds: readonly RoundResult[]): Summary {
  const sum = (of: (round: RoundResult) => number) => rounds.reduce((total, round) => total + of(round), 0);
  return {
    seed,
    replays_by: endpoint ? 'endpoint' : 'database',
    revision: revision(),
    rounds: rounds.length,
    processes: sum(({ bots }) => bots),
    rows: sum(({ rows }) => rows),
    batches: sum(({ batches }) => batches),
    replays: sum(({ replays }) => replays),
    seconds: Math.round(sum(({ seconds }) => seconds)),
    faults: rounds.reduce<Record<string, number>>((total, { struck }) => addCounts(total, struck), {}),
    acts: rounds.reduce<Record<string, number>>((total, { done }) => addCounts(total, done), {}),
    violations: rounds.flatMap(({ round, violations }) => violations.map((what) => ({ round, what }))),
  };
}

/** One line for one round. */
export function printRound(result: RoundResult): string {
  const { round, bots, batches, rows, replays, seconds, starting, settling, struck, violations } = result;
  const faults = Object.values(struck).reduce((total, count) => total + count, 0);
  const verdict = violations.length === 0 ? 'ok' : `${violations.length} VIOLATIONS`;
  return `round ${round}: ${verdict}, ${bots} processes, ${batches} batches, ${rows} rows, ${replays} replays, ${faults} strikes, ${seconds} s (${starting} to start, ${settling} to settle)`;
}

/** The whole campaign. */
export function printSummary(summary: Summary): string {
  const { rounds, processes, batches, rows, replays, faults, violations, seed, seconds, revision } = summary;
  const mode = summary.replays_by === 'endpoint' ? ' --endpoint' : '';
  const failing = [...new Set(violations.map(({ round }) => round))];
  return [
    '',
    `${rounds} rounds in ${seconds} s at ${revision}, seed ${seed}: ${processes} processes, ${batches} batches, ${rows} rows, ${replays} replays`,
    'Struck, by kind:',
    ...Object.entries(faults).map(([kind, count]) => `  ${String(count).padStart(6)}  ${kind}`),
    `Violations: ${violations.length}`,
    ...violations.map(({ round, what }) => `  round ${round}: ${what}`),
    ...failing.map((round) => `Repeat with: npm run chaos --${mode} --seed ${seed} --round ${round}`),
  ].join('\n');
}

function revision(): string {
  try {
    const git = (...words: string[]) => execFileSync('git', words, { encoding: 'utf8' }).trim();
    const changed = git('status', '--porcelain', '--', 'src').length > 0 ? ', with changes' : '';
    return `${git('rev-parse', '--short=12', 'HEAD')}${changed}`;
  } catch {
    return 'unknown';
  }
}
