// What the queue's package leaves behind when it says goodbye must not end the process.
import pg from 'pg';
import { migrateQueue, openQueue } from '../../src/queue/boss.ts';
import { createWorld } from '../support/world.ts';

it('an error of a connection that nobody listens to any more, after the goodbye too, ends nothing', async () => {
  const world = await createWorld();
  await migrateQueue(world.url);
  openQueue(world.url, () => {});
  const client = new pg.Client(world.url);
  await client.connect();
  client.removeAllListeners();
  const gone = new Promise((resolve) => client.once('end', resolve));
  await world.sql(`select pg_terminate_backend(pid) from pg_stat_activity where pid = $1`, [
    (client as unknown as { processID: number }).processID,
  ]);
  await gone;
  expect(client.listenerCount('error')).toBe(1);
  await world.close();
});
