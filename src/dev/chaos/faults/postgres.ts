// Trouble of the database itself: restarts, killed backends, and the operator's brake.
import { setBrake } from '../../../store/brake.ts';
import type { Random } from '../random.ts';
import { pause, type Stage } from '../stage.ts';

/** One restart at a time; two would only look like a longer one. */
const restarting = new WeakMap<object, Promise<void>>();

/** Restarts Postgres, with or without a goodbye. */
export async function restartPostgres(stage: Stage, random: Random): Promise<void> {
  if (restarting.has(stage)) return;
  const mode = random.pick(['fast', 'immediate'] as const);
  const going = stage.server.restart(mode);
  restarting.set(stage, going);
  try {
    await going;
    stage.struck.add(`Postgres restarted (${mode})`);
  } finally {
    restarting.delete(stage);
  }
}

/** Resolves when no restart is under way. */
export async function restarted(stage: Stage): Promise<void> {
  await restarting.get(stage);
}

/** Ends some of the bots' backends, as an administrator or a failover does. */
export async function killBackends(stage: Stage, random: Random): Promise<void> {
  const killed = await stage.db.sql<{ killed: boolean }>(
    `select pg_terminate_backend(pid) as killed from pg_stat_activity
     where datname = current_database() and application_name like 'retry-batch%'
     order by md5(pid::text || $1) limit $2`,
    [String(random.next()), random.between(1, 8)],
  );
  stage.struck.add('backend killed', killed.filter((one) => one.killed).length);
}

/** What `npm run halt` does, and its end a little later. */
export async function brakeForAWhile(stage: Stage, random: Random): Promise<void> {
  if (await pull(stage, true)) stage.struck.add('brake pulled');
  await pause(stage, random.between(300, 2000));
  await pull(stage, false);
}

/** Sets the brake in one transaction, as the command does; answers whether that changed anything. */
export function pull(stage: Stage, on: boolean): Promise<boolean> {
  return stage.db.transaction((client) =>
    setBrake(
      {
        query: async (text, values = []) => {
          const { rows, rowCount } = await client.query(text, [...values]);
          return { rows, rowCount: rowCount ?? 0 };
        },
        afterCommit: () => {},
      },
      on,
      { kind: 'system', name: 'chaos' },
    ),
  );
}
