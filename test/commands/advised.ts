// npm run advise as OnRamp's owner gets to see it: run with the bot's own role, which may read and, here, nothing more.
import { createRole, grantTo } from '../support/role.ts';
import { type Ran, runScript } from '../support/script.ts';
import { createWorld, type World } from '../support/world.ts';

/** What it said, and the statements that it prints, to be run as they are. */
export type Advice = Ran & { readonly statements: readonly string[] };

/** The script of package.json, run with these words against the database of `url`. */
export async function advise(url: string | undefined, ...words: string[]): Promise<Advice> {
  const ran = await runScript('advise', words, url === undefined ? {} : { DATABASE_URL: url });
  const indented = ran.out.split('\n').filter((line) => line.startsWith('   '));
  return { ...ran, statements: indented.map((line) => line.trim()) };
}

export type Advised = {
  readonly world: World;
  advise(...words: string[]): Promise<Advice>;
  /** Runs what it printed, one after the other. */
  follow(advice: Advice): Promise<void>;
  /** Runs statements on one connection and has the server count what they did at once. */
  counted(...statements: string[]): Promise<void>;
};

/** The one index that OnRamp's database lacks whatever its size. */
const FOLLOWED = `create index or_ramp_executions_error_finished on or_ramp_executions (finished_at) where status_code = 'ERROR'`;

/**
 * A world in which `prepare` has made OnRamp's tables different, and what is always advised was followed, and a role that has what grants.sql gives and whose
 * every transaction is read-only.
 */
export async function advisedWorld(prepare?: (world: World) => Promise<void>): Promise<Advised> {
  const world = await createWorld();
  await prepare?.(world);
  await world.sql(FOLLOWED);
  const role = await createRole(world);
  await world.sql(`alter role "${role.name}" set default_transaction_read_only = on`);
  await grantTo(world, role);
  return {
    world,
    advise: (...words) => advise(role.url, ...words),
    follow: async ({ statements }) => {
      for (const statement of statements) await world.sql(statement);
    },
    counted: async (...statements) => {
      const client = await world.connect();
      for (const statement of statements) await client.query(statement);
      await client.query('select pg_stat_force_next_flush()');
      await client.end();
    },
  };
}

export const DAY = ['--since', '2026-05-11T00:00:00Z', '--until', '2026-05-12T00:00:00Z'];

/** 30,000 executions of 30 vendors on one day, every tenth of them failed. Autovacuum leaves them as they are. */
export async function fill({ world, counted }: Advised): Promise<void> {
  await world.sql('alter table or_ramp_executions set (autovacuum_enabled = off)');
  await world.sql(`insert into or_vendors (name) select 'Vendor ' || n from generate_series(1, 30) n`);
  await world.sql(
    `insert into or_ramps (ramp_uuid, vendor_id, name, status, current_version)
     select gen_random_uuid(), id, 'Onboarding', 'published', 1 from or_vendors`,
  );
  await counted(
    `insert into or_ramp_executions (execution_uuid, vendor_id, ramp_id, workflow_version, trigger_key,
       trigger_payload, status_code, created_at, updated_at)
     select gen_random_uuid(), r.vendor_id, r.id, 1, 'trigger ' || n, jsonb_build_object('note', repeat(md5(n::text), 8)),
       case when n % 10 = 0 then 'ERROR' else 'SUCCESS' end, at, at
     from generate_series(1, 30000) n
     join (select *, row_number() over (order by id) - 1 as nth from or_ramps) r on r.nth = n / 10 % 30
     cross join lateral (select '2026-05-11T00:00:00Z'::timestamptz + n * interval '2.8 seconds' as at) moment`,
  );
}
