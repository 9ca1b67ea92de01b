// npm run identity where one person has two ids to be mapped under: an Enterprise Grid's and a workspace's.
import { spawnFile } from '../support/process.ts';
import { shared } from '../support/shared.ts';
import { createWorld } from '../support/world.ts';

const world = shared(createWorld);

async function identity(...words: string[]): Promise<string> {
  const ran = spawnFile('src/commands/identity.ts', words, { DATABASE_URL: world.url });
  expect(await ran.exited).toMatchObject({ code: 0 });
  return ran.stdout();
}

test('mapping somebody to another user under a second id says that they are refused until one is revoked', async () => {
  await world.user({ email: 'priya@onramp.test' });
  await world.user({ email: 'tomas@onramp.test' });
  expect(await identity('map', 'T0ONRAMP', 'U0ADMIN', 'priya@onramp.test')).not.toContain('Careful');
  expect(await identity('map', 'E0BIG', 'U0ADMIN', 'priya@onramp.test')).not.toContain('Careful');
  const said = await identity('map', 'E0BIG', 'U0ADMIN', 'tomas@onramp.test');
  expect(said).toContain('E0BIG/U0ADMIN is now tomas@onramp.test, no longer priya@onramp.test.');
  expect(said).toContain('Careful: T0ONRAMP/U0ADMIN is priya@onramp.test.');
  expect(await identity('map', 'E0BIG', 'U0ADMIN', 'tomas@onramp.test')).toContain('Careful');
  await identity('revoke', 'T0ONRAMP', 'U0ADMIN');
  expect(await identity('map', 'E0BIG', 'U0ADMIN', 'tomas@onramp.test')).not.toContain('Careful');
});
