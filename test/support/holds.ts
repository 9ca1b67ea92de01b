// Another program's transactions, held open on connections of their own, so that a race happens on purpose.
import type { Execution, World } from './world.ts';

export type Hold = {
  /** Runs a statement inside the transaction that holds. */
  query(text: string, values?: unknown[]): Promise<unknown>;
  /** Commits, which lets go of everything that is held. */
  release(): Promise<void>;
  /** Rolls back, which lets go too and leaves nothing. */
  undo(): Promise<void>;
};

/** Locks the executions as another replay or a person's psql would. */
export async function holdRows(world: World, executions: readonly Execution[]): Promise<Hold> {
  return hold(world, `select from or_ramp_executions where id = any ($1) for update`, [
    executions.map((execution) => execution.id),
  ]);
}

/** Takes the lock that serialises the replays of one trigger: a replay stops between its claim and its judgement. */
export async function holdTrigger(world: World, execution: Execution): Promise<Hold> {
  return hold(
    world,
    `select pg_advisory_xact_lock(hashtextextended(ramp_id || ':' || trigger_key, 4887))
     from or_ramp_executions where id = $1`,
    [execution.id],
  );
}

const open = new Set<Awaited<ReturnType<World['connect']>>>();

// A test that fails must not leave the world held: the bot would wait for it, and the whole run for the bot.
afterEach(async () => {
  await Promise.all([...open].map((client) => client.end()));
  open.clear();
});

/** Runs one statement and keeps what it locked, until the test ends at the latest. */
export async function hold(world: World, text: string, values: unknown[] = []): Promise<Hold> {
  const client = await world.connect();
  open.add(client);
  await client.query('begin');
  await client.query(text, values);
  const end = async (how: 'commit' | 'rollback') => {
    await client.query(how);
    open.delete(client);
    await client.end();
  };
  return {
    query: (more, moreValues = []) => client.query(more, moreValues),
    release: () => end('commit'),
    undo: () => end('rollback'),
  };
}

/**
 * Inserts a project for an execution that the bot has claimed. The foreign key would make the insert wait for the
 * claim, so it is not checked here: the bot must be right also where OnRamp's table has lost its key.
 */
export async function addProject(hold: Hold, execution: Execution): Promise<void> {
  await hold.query(`set local session_replication_role = replica`);
  await hold.query(
    `with e as (select * from or_ramp_executions where id = $1),
       a as (insert into or_accounts (vendor_id, name, created_at) select vendor_id, 'by another program', now() from e returning id)
     insert into or_projects (vendor_id, account_id, ramp_id, execution_id, name, created_at)
     select e.vendor_id, a.id, e.ramp_id, e.id, 'by another program', now() from e, a`,
    [execution.id],
  );
}
