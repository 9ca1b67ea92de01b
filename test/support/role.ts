// A role of the bot's own, as an operator makes it: what it may, it has from grants.sql.
import { randomUUID } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { atTheEnd } from './shared.ts';
import type { World } from './world.ts';

export type Role = { readonly name: string /** The world's database as this role. */; readonly url: string };

/** Creates it with `options` of `create role`, without any privilege; it goes before the world does. */
export async function createRole(world: World, options = ''): Promise<Role> {
  const name = `bot-${randomUUID().slice(0, 8)}`;
  await world.sql(`create role "${name}" login password 'of-the-test' ${options}`);
  atTheEnd(async () => {
    await world.sql(`drop owned by "${name}"`);
    await world.sql(`drop role "${name}"`);
  });
  return { name, url: world.url.replace(/\/\/[^@]*@/, `//${name}:of-the-test@`) };
}

/** Gives it what grants.sql gives, or what a bot needs that has an endpoint make the replays. */
export async function grantTo(world: World, role: Role, file = 'grants.sql'): Promise<void> {
  const grants = await readFile(`src/store/${file}`, 'utf8');
  await world.sql(grants.replaceAll(':"role"', `"${role.name}"`));
}
