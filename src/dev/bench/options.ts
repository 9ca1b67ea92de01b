// What `npm run bench` was asked for.
import { parseArgs } from 'node:util';
import { z } from 'zod';

const ROW_NAMES = [
  'dry-run',
  'stored',
  'live',
  'memory',
  'growth',
  'lists',
  'stop',
  'replays',
  'processes',
  'backlog',
  'calls',
  'endpoint',
  'acknowledgement',
  'cpu',
] as const;

export type RowName = (typeof ROW_NAMES)[number];

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

/** Reads the command line. Throws an Error that says what is wrong. */
export function readOptions(words: readonly string[]): Options {
  const { values } = parseArgs({
    args: [...words],
    options: {
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
