// The roles of a round in which an application makes the replays: the bot's own, which may read OnRamp's tables and no more,
// and the application's. Roles are of the whole server; what they may is copied with the template.
import { readFile } from 'node:fs/promises';
import { applicationRoleSql } from '../application/role.ts';

export type Role = { readonly name: string; readonly password: string };

export const OWNER: Role = { name: 'postgres', password: 'postgres' };
export const BOT: Role = { name: 'chaos_bot', password: 'of-the-bot' };
export const APPLICATION: Role = { name: 'chaos_application', password: 'of-the-application' };

/** SQL: both roles, with what each may in the database in which this is run. */
export async function rolesSql(): Promise<string> {
  const grants = await readFile(new URL('../../store/grants-endpoint.sql', import.meta.url), 'utf8');
  return `create role ${BOT.name} login password '${BOT.password}';
    ${grants.replaceAll(':"role"', BOT.name)}
    ${applicationRoleSql(APPLICATION.name, APPLICATION.password)}`;
}

/** Where a role reaches a database on this machine. */
export function urlAs({ name, password }: Role, port: number, database: string): string {
  return `postgres://${name}:${password}@127.0.0.1:${port}/${database}`;
}
