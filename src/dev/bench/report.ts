// What a benchmark says at its end: the machine, the table, and how it ended where not everything was measured.
import { writeFile } from 'node:fs/promises';
import { availableParallelism, cpus, totalmem } from 'node:os';
import type { RowResult } from './measure.ts';
import type { Options, RowName } from './options.ts';
import type { Release } from './release.ts';
import type { Signal } from './signals.ts';
import { printTable } from './table.ts';

export type End =
  | { readonly kind: 'measured' }
  | { readonly kind: 'stopped'; readonly row: RowName | null; readonly signal: Signal }
  | { readonly kind: 'broken'; readonly row: RowName | null; readonly error: unknown };

export type Measured = {
  readonly end: End;
  readonly results: readonly RowResult[];
  readonly options: Options;
  readonly against: Release | null;
  readonly settings: Readonly<Record<string, string>>;
};

const cores = availableParallelism();
const model = cpus()[0]?.model ?? 'unknown';
const memory = Math.round(totalmem() / 2 ** 30);

/** Everything as people read it. */
export function report({ end, results, options, settings }: Measured, seconds: number): string {
  const plans = results.flatMap((result) => result.plans.map(({ title, text }) => `${title}\n\n${text}\n\n`));
  const size = `${options.rows.toLocaleString('en')} executions; ${seconds} s in all`;
  const named = Object.entries(settings).map(([name, value]) => `${name} ${value}`);
  const machine = `${cores} cores (${model}), ${memory} GiB; ${size}\n${named.join(', ')}\n\n`;
  const table = results.length === 0 ? 'Nothing was measured.' : printTable(results);
  const ended = end.kind === 'measured' ? '' : `\n\n${endText(end, results)}`;
  return `${plans.join('')}${machine}${table}${ended}`;
}

/** The same for programs, as JSON. */
export async function writeReport(file: string, measured: Measured): Promise<void> {
  const { end, results, options, against, settings } = measured;
  const written = {
    machine: { cores, model, memory_gib: memory },
    node: process.version,
    postgres: settings,
    rows: options.rows,
    against: against?.label ?? null,
    ended: end.kind === 'measured' ? null : { how: end.kind, in_row: end.row },
    results,
  };
  await writeFile(file, `${JSON.stringify(written, null, 2)}\n`);
}

function endText(end: Exclude<End, { kind: 'measured' }>, results: readonly RowResult[]): string {
  const how = end.kind === 'stopped' ? `Stopped by ${end.signal}` : 'Broken off';
  if (end.row === null) return `${how} before the first row.`;
  const begun = results.some(({ name }) => name === end.row);
  return `${how} in the row "${end.row}", ${begun ? 'whose finished rounds are above' : 'of which nothing is above'}.`;
}
