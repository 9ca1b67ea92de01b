// The start-up check of what a session is like: a setting that the bot relies on and can't have is named, rather than
// found out by the first call.
import pg from 'pg';
import { SESSION_SETTINGS, type SessionOf } from './session.ts';
import {
  type Patience,
  START_PATIENCE,
  type StartConnection,
  withStartConnection,
} from './start-connection.ts';

/**
 * The settings that a connection to `url`, which the configuration knows as `variable`, does not have though it asks for
 * them; one sentence each, with what to do. Throws where the database can't be reached at all.
 */
export async function checkSession(
  variable: string,
  url: string,
  of: SessionOf,
  patience: Patience = START_PATIENCE,
): Promise<string[]> {
  return withStartConnection({ url, name: 'retry-batch check', of: null, patience }, async (connection) => {
    const refusals = await askEach(connection, of);
    const settings = SESSION_SETTINGS[of];
    const { rows } = await connection.query<{ name: string; setting: string }>(
      'select name, setting from pg_catalog.pg_settings where name = any ($1)',
      [settings.map(({ name }) => name)],
    );
    return settings.flatMap(({ name, isRight, remedy }) => {
      const got = rows.find((row) => row.name === name)?.setting;
      // A version of Postgres that does not know it.
      if (got === undefined || isRight(got)) return [];
      const refusal = refusals.get(name);
      const why = refusal === undefined ? '' : `, and another is refused (${refusal})`;
      return [`the sessions of ${variable} have ${name} = '${got}'${why}: ${remedy}`];
    });
  });
}

/** Each by itself, so that one that is refused keeps no other back; answers why which was refused. */
async function askEach(connection: StartConnection, of: SessionOf): Promise<ReadonlyMap<string, string>> {
  const refusals = new Map<string, string>();
  for (const { name, ask } of SESSION_SETTINGS[of]) {
    if (ask === null) continue;
    try {
      await connection.query(ask);
    } catch (error) {
      if (!(error instanceof pg.DatabaseError)) throw error;
      refusals.set(name, error.message);
    }
  }
  return refusals;
}
