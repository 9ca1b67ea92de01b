// Ports for servers that are started a moment later, on a machine where others connect to somewhere all the time.
import { createServer } from 'node:net';
import { freePort } from '../../../src/dev/postgres/embedded.ts';

/** The lowest that Linux gives to whoever connects; other systems begin higher. */
const FIRST_OF_THE_SYSTEM = 32_768;

test('a free port is none that the system gives to whoever connects, and can be listened at', async () => {
  const ports = await Promise.all(Array.from({ length: 50 }, freePort));
  expect(ports.filter((port) => port >= FIRST_OF_THE_SYSTEM)).toEqual([]);
  expect(new Set(ports).size).toBeGreaterThan(40);
  const server = createServer().listen(ports[0], '127.0.0.1');
  await new Promise((resolve, reject) => server.once('listening', resolve).once('error', reject));
  await new Promise((resolve) => server.close(resolve));
});
