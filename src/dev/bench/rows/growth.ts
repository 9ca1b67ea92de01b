// How a dry run's cost grows with what it matches, and whether it reads anything that it did not match.
import { z } from 'zod';
import type { BenchDatabase } from '../database.ts';
import { dryRun, planOfBot, planTreeOfBot } from '../dry-runs.ts';
import { alone, type Comparison, figure, interleave, type RowResult } from '../measure.ts';
import type { Stage } from '../stage.ts';
import { failures, newest, type Window } from '../windows.ts';

const REPEATS = 3;
const SMALL = [25, 1000] as const;
/** A little more than 1: the measuring has noise. */
const LINEAR = 1.1;

type Size = { readonly matched: number; readonly window: Window };

/** Four sizes, up to all failures. */
export async function growthRow(stage: Stage): Promise<RowResult> {
  const { db, options } = stage;
  const all = await failures(db);
  const sizes: Size[] = [];
  for (const matched of [...SMALL, Math.round(all / 10), all].filter((one) => one <= all)) {
    sizes.push({ matched, window: await newest(db, matched) });
  }
  const figures = await stage.withBots({}, async ([bot]) =>
    interleave(
      sizes.map(({ matched, window }) => ({
        label: `${matched.toLocaleString('en')} matched`,
        unit: 'ms',
        run: async () => (await dryRun(bot, window)).milliseconds,
      })),
      options.repeats ?? REPEATS,
      true,
    ),
  );
  const comparisons: Comparison[] = figures.map((one) => alone(`dry run, ${one.label}`, one));
  for (let n = 1; n < sizes.length; n += 1) {
    const more = (sizes[n]?.matched ?? 0) / (sizes[n - 1]?.matched ?? 0);
    const longer = (figures[n]?.median ?? 0) / (figures[n - 1]?.median ?? 0);
    const exponent = figure('exponent', '', [Math.log(longer) / Math.log(more)]);
    comparisons.push(
      alone(`growth to ${sizes[n]?.matched.toLocaleString('en')}`, exponent, { most: LINEAR }),
    );
  }
  const plans = [];
  const notes = [];
  for (const { matched, window } of sizes) {
    const scans = scansOf(planSchema.parse(await planTreeOfBot(db, window))[0]?.Plan);
    const read = scans.filter(({ alias }) => alias === 'e').reduce((sum, { rows }) => sum + rows, 0);
    const outside = Math.max(0, read - (await within(db, window)));
    const what = `executions read outside the window of ${matched.toLocaleString('en')} matched`;
    comparisons.push(alone(what, figure('bot', 'rows', [outside]), { most: 0 }));
    notes.push(`${matched.toLocaleString('en')} matched: ${scans.map(scanText).join(', ')}`);
    plans.push({ title: `dry run of ${matched.toLocaleString('en')}`, text: await planOfBot(db, window) });
  }
  return { name: 'growth', comparisons, notes, plans: options.plans ? plans : [], wrong: [] };
}

/** All executions of the window, failed or not: what a scan may look at. */
async function within(db: BenchDatabase, { since, until }: Window): Promise<number> {
  const { n } = await db.one<{ n: number }>(
    `select count(*) as n from or_ramp_executions where created_at >= $1 and created_at < $2`,
    [since, until],
  );
  return n;
}

type Node = {
  readonly 'Node Type': string;
  readonly 'Relation Name'?: string | undefined;
  readonly Alias?: string | undefined;
  readonly 'Actual Rows': number;
  readonly 'Actual Loops': number;
  readonly 'Rows Removed by Filter'?: number | undefined;
  readonly 'Rows Removed by Index Recheck'?: number | undefined;
  readonly Plans?: readonly Node[] | undefined;
};

const nodeSchema: z.ZodType<Node> = z.lazy(() =>
  z.object({
    'Node Type': z.string(),
    'Relation Name': z.string().optional(),
    Alias: z.string().optional(),
    'Actual Rows': z.number(),
    'Actual Loops': z.number(),
    'Rows Removed by Filter': z.number().optional(),
    'Rows Removed by Index Recheck': z.number().optional(),
    Plans: z.array(nodeSchema).optional(),
  }),
);

const planSchema = z.array(z.object({ Plan: nodeSchema }));

type Scan = { readonly type: string; readonly alias: string; readonly rows: number };

/** Every scan of executions with all rows that it looked at, whether they were wanted or not. */
function scansOf(node: Node | undefined): Scan[] {
  if (node === undefined) return [];
  const below = (node.Plans ?? []).flatMap(scansOf);
  if (node['Relation Name'] !== 'or_ramp_executions' || node['Actual Loops'] === 0) return below;
  const removed = (node['Rows Removed by Filter'] ?? 0) + (node['Rows Removed by Index Recheck'] ?? 0);
  const rows = Math.round((node['Actual Rows'] + removed) * node['Actual Loops']);
  return [{ type: node['Node Type'], alias: node.Alias ?? '', rows }, ...below];
}

function scanText({ type, alias, rows }: Scan): string {
  return `${type} of ${alias === 'e' ? 'the window' : 'siblings'} (${rows.toLocaleString('en')} rows)`;
}
