// What every transaction of the bot sets for itself, whatever the database, the role or a pooler has set.
import { type AddressInfo, createServer } from 'node:net';
import { startProxy } from '../../src/dev/chaos/proxy.ts';
import { openDatabase, REPLAY_TIMEOUTS, reading, shortWith } from '../../src/postgres/database.ts';
import { InfrastructureTrouble } from '../../src/postgres/errors.ts';
import type { Tx } from '../../src/postgres/tx.ts';
import { openProxy } from '../support/database-proxy.ts';
import { int32, message } from '../support/protocol.ts';
import { atTheEnd, shared } from '../support/shared.ts';
import { createWorld } from '../support/world.ts';

const world = shared(createWorld);
const db = shared(() => openDatabase({ url: world.url, connections: 2, name: 'test' }));

beforeAll(async () => {
  const { name } = await world.one<{ name: string }>('select current_database() as name');
  await world.sql(`alter database ${name} set default_transaction_isolation = 'repeatable read'`);
});

const SETTINGS = `select current_setting('transaction_isolation') as isolation,
  current_setting('statement_timeout') as statement, current_setting('lock_timeout') as lock,
  current_setting('idle_in_transaction_session_timeout') as idle`;

describe('a transaction', () => {
  it('is READ COMMITTED, also where the database would have another', async () => {
    const { rows } = await db.transaction((tx) => tx.query(SETTINGS));
    expect(rows).toMatchObject([{ isolation: 'read committed' }]);
  });

  it('has the time-outs that it was given, and the next one on the connection has its own', async () => {
    const given = { statementMs: 1001, lockMs: 1002, idleMs: 1003 };
    const [own, next] = [
      await db.transaction((tx) => tx.query(SETTINGS), reading(given)),
      await db.transaction((tx) => tx.query(SETTINGS)),
    ];
    expect(own.rows).toMatchObject([{ statement: '1001ms', lock: '1002ms', idle: '1003ms' }]);
    expect(next.rows).toMatchObject([{ statement: '20s', lock: '10s', idle: '20s' }]);
  });

  it('lets no hung worker hold a row longer than half a minute', () => {
    expect(REPLAY_TIMEOUTS.idleMs).toBeLessThanOrEqual(30_000);
    expect(REPLAY_TIMEOUTS.statementMs).toBeLessThanOrEqual(30_000);
    expect(REPLAY_TIMEOUTS.lockMs).toBeLessThan(REPLAY_TIMEOUTS.statementMs);
  });

  it('that sits idle too long is ended by the server, which frees what it held', async () => {
    const idle = db.transaction(
      async (tx) => {
        await tx.query('lock table or_vendors');
        // Waits until another connection gets the lock, which it only does once this one was ended.
        await world.sql('select from or_vendors');
        await tx.query('select 1');
      },
      shortWith({ ...REPLAY_TIMEOUTS, idleMs: 200 }),
    );
    await expect(idle).rejects.toThrow(InfrastructureTrouble);
    expect((await db.query('select 1 as one')).rows).toEqual([{ one: 1 }]);
  });

  it('tells that it has committed, once and only then', async () => {
    const told: string[] = [];
    const seen = async (tx: Tx, name: string) => {
      tx.afterCommit(() => told.push(name));
      await tx.query('select 1');
      told.push(`${name} is under way`);
    };
    await db.transaction((tx) => seen(tx, 'committed'));
    const failed = db.transaction(async (tx) => {
      await seen(tx, 'rolled back');
      throw new Error('a bug');
    });
    await expect(failed).rejects.toThrow('a bug');
    await seen(db, 'by itself');
    expect(told).toEqual([
      'committed is under way',
      'committed',
      'rolled back is under way',
      'by itself',
      'by itself is under way',
    ]);
  });

  it('that throws leaves nothing behind and gives its connection back', async () => {
    for (let n = 0; n < 5; n += 1) {
      const broken = db.transaction(async (tx) => {
        await tx.query(`insert into or_vendors (name) values ('half done')`);
        throw new Error('a bug');
      });
      await expect(broken).rejects.toThrow('a bug');
    }
    expect((await db.query('select from or_vendors')).rowCount).toBe(0);
  });
});

describe('a network that swallows packets', () => {
  it('is trouble after a while, also without a word from the server, and the next statement goes through', async () => {
    const { port, pathname } = new URL(world.url);
    const proxy = await startProxy(() => Number(port));
    const url = `postgres://postgres:postgres@127.0.0.1:${proxy.port}${pathname}`;
    const swallowed = openDatabase({ url, connections: 2, name: 'test' });
    const given = shortWith({ ...REPLAY_TIMEOUTS, statementMs: 500 });
    const silent = swallowed.transaction(async (tx) => {
      expect(proxy.swallow(1)).toBe(1);
      await tx.query('select 1');
    }, given);
    await expect(silent).rejects.toThrow(InfrastructureTrouble);
    expect((await swallowed.query('select 1 as one')).rows).toEqual([{ one: 1 }]);
    await swallowed.close();
    await proxy.close();
  });
});

describe('a connection on which nobody answers any more', () => {
  it('keeps nobody waiting who was to get it, when it fell silent as it was being opened', async () => {
    const proxy = await openProxy(world.url);
    const through = openDatabase({ url: proxy.url, connections: 2, name: 'test' });
    atTheEnd(through.close);
    const silent = proxy.swallowAt('DateStyle');
    const asked = expect(through.query('select 1')).rejects.toThrow('the database cannot be reached');
    await silent;
    await asked;
    expect((await through.query('select 1 as one')).rows).toEqual([{ one: 1 }]);
  });
});

describe('a server that ends a connection in the moment that it accepts it', () => {
  it('is trouble of that statement and not the end of the process', async () => {
    const accepted = [
      message('R', int32(0)),
      message('Z', Buffer.from('I')),
      message('E', Buffer.from('SFATAL\0VFATAL\0C57P01\0Mterminating connection\0\0')),
    ];
    const server = createServer((socket) => socket.once('data', () => socket.end(Buffer.concat(accepted))));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    const refused = openDatabase({
      url: `postgres://bot@127.0.0.1:${port}/onramp`,
      connections: 1,
      name: 'test',
    });
    await expect(refused.query('select 1')).rejects.toThrow(InfrastructureTrouble);
    await refused.close();
    await new Promise((resolve) => server.close(resolve));
  });
});
