// A dry run beside the bare statement: classified and thrown away, and stored as a plan.
import { CUSTOMERS_TEXT } from '../../../store/customer-figures.ts';
import {
  type Classified,
  classifyAsBot,
  classifyAsPeer,
  disagreements,
  dryRun,
  planOfBot,
  planOfPeer,
  storeAsBot,
  storeAsPeer,
} from '../dry-runs.ts';
import { compare, interleave, type RowResult } from '../measure.ts';
import type { Stage } from '../stage.ts';
import { failures, newest, type Window } from '../windows.ts';

const REPEATS = 5;
const MATCHED_SHARE = 0.1;

/** Classification alone: the statement through the bot's store, and the peer's through psql. */
export async function dryRunRow(stage: Stage): Promise<RowResult> {
  const { db } = stage;
  const window = await usual(stage);
  const seen: Classified[] = [];
  const keep = (classified: Classified) => {
    seen.push(classified);
    return classified.milliseconds;
  };
  const figures = await interleave(
    [
      { label: 'bot', unit: 'ms', run: async () => keep(await classifyAsBot(db, window)) },
      { label: 'psql', unit: 'ms', run: async () => keep(await classifyAsPeer(db, window)) },
    ],
    stage.options.repeats ?? REPEATS,
    true,
  );
  const [first] = seen;
  const alike = seen.every((one) => one.digest === first?.digest && one.matched === first.matched);
  return {
    name: 'dry-run',
    comparisons: [compare('dry run: classified, result discarded', figures[0], figures[1], { most: 1.15 })],
    notes: [`${first?.matched} matched, ${first?.skipped} of them skipped`],
    plans: await plans(stage, window),
    wrong: alike ? [] : ['the bot and the peer give executions different reasons'],
  };
}

/** The plan as it is stored for an approval, and as the endpoint answers it, beside `create table as`. */
export async function storedRow(stage: Stage): Promise<RowResult> {
  const { db } = stage;
  const window = await usual(stage);
  return stage.withBots({}, async ([bot]) => {
    let batchId = '';
    const inSlack = async () => {
      await db.sql('checkpoint');
      const stored = await storeAsBot(stage, bot, window);
      batchId = stored.batchId;
      return stored.milliseconds;
    };
    const [slack, table, http] = await interleave(
      [
        { label: 'in Slack', unit: 'ms', run: inSlack },
        { label: 'create table as', unit: 'ms', run: () => storeAsPeer(db, window) },
        { label: 'over HTTP', unit: 'ms', run: async () => (await dryRun(bot, window)).milliseconds },
      ],
      stage.options.repeats ?? REPEATS,
      true,
    );
    const [customers] = await interleave(
      [{ label: 'counted', unit: 'ms', run: () => timed(() => db.sql(CUSTOMERS_TEXT, [batchId, 'all'])) }],
      stage.options.repeats ?? REPEATS,
      true,
    );
    const different = await disagreements(db, batchId);
    return {
      name: 'stored',
      comparisons: [
        compare('dry run: stored as a plan and summed up', slack, table, { most: 1.3 }),
        compare('dry run: summed up and answered', http, table, null),
        compare('its customers, with the projects that are missing', customers, table, null),
      ],
      notes: [],
      plans: [],
      wrong: different === 0 ? [] : [`the bot and the peer differ on the reason of ${different} executions`],
    };
  });
}

async function timed(work: () => Promise<unknown>): Promise<number> {
  const before = performance.now();
  await work();
  return performance.now() - before;
}

/** A tenth of all failures. */
async function usual({ db }: Stage): Promise<Window> {
  return newest(db, Math.round((await failures(db)) * MATCHED_SHARE));
}

async function plans({ db }: Stage, window: Window) {
  return [
    { title: 'dry run, bot', text: await planOfBot(db, window) },
    { title: 'dry run, peer', text: await planOfPeer(db, window) },
  ];
}
