// What `npm run bench` was asked for.
import { parseArgs } from 'node:util';
import { z } from 'zod';

export const ROW_NAMES = [
  'dry-run',
  'stored',
  'memory',
  'growth',
  'lists',
  'replays',
  'processes',
  'backlog',
  'calls',
  'endpoint',
  'acknowledgement',
  'cpu',
] as const;

export type RowName = (typeof ROW_NAMES)[number];

export const USAGE = `Usage:
  npm run bench                      a tenth of the sizes
  npm run bench -- --full            the whole sizes: ten million executions
  npm run bench -- --rows N          so many executions, a tenth of them failed; at least 5000
  npm run bench -- --only NAME       one row: ${ROW_NAMES.join(', ')}; again for more
  npm run bench -- --repeats N       so often, instead of 5 (3 or once for what takes long)
  npm run bench -- --against DIR     also the bots of another revision, checked out there with its node_modules
  npm run bench -- --json FILE       also writes every figure there
  npm run bench -- --plans           also prints the plans of all the dry runs of the row growth
  npm run bench -- --profile DIR     keeps the bot's CPU profile there
  npm run bench -- --data DIR        keeps the filled database there, for the next time`;

export type Options = {
  readonly rows: number;
  readonly only: readonly RowName[];
  readonly repeats: number | null;
  readonly against: string | null;
  readonly json: string | null;
  readonly plans: boolean;
  readonly profile: string | null;
  readonly data: string | null;
};

const TENTH = 1_000_000;
const FULL = 10_000_000;

const count = (least: number) =>
  z.string().regex(/^\d+$/, 'takes a whole number').transform(Number).pipe(z.number().min(least));

const schema = z.object({
  full: z.boolean().default(false),
  rows: count(5000).optional(),
  only: z.array(z.enum(ROW_NAMES)).default([...ROW_NAMES]),
  repeats: count(1).optional(),
  against: z.string().optional(),
  json: z.string().optional(),
  plans: z.boolean().default(false),
  profile: z.string().optional(),
  data: z.string().optional(),
});

/** Reads the command line; null: help was asked for. Throws an Error that says what is wrong. */
export function readOptions(words: readonly string[]): Options | null {
  const { values } = parseArgs({
    args: [...words],
    options: {
      help: { type: 'boolean' },
      full: { type: 'boolean' },
      rows: { type: 'string' },
      only: { type: 'string', multiple: true },
      repeats: { type: 'string' },
      against: { type: 'string' },
      json: { type: 'string' },
      plans: { type: 'boolean' },
      profile: { type: 'string' },
      data: { type: 'string' },
    },
  });
  if (values.help === true) return null;
  const read = schema.safeParse(values);
  if (!read.success) {
    throw new Error(
      read.error.issues.map((issue) => `--${String(issue.path[0])}: ${issue.message}`).join('\n'),
    );
  }
  const { full, rows, repeats, against, json, profile, data, ...rest } = read.data;
  return {
    ...rest,
    rows: rows ?? (full ? FULL : TENTH),
    repeats: repeats ?? null,
    against: against ?? null,
    json: json ?? null,
    profile: profile ?? null,
    data: data ?? null,
  };
}
