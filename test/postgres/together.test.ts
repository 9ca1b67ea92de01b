// Statements that go to the database together, and statements that a connection plans once: what comes of them
// when one of them fails, or when the tables change underneath.

import { type Database, openDatabase } from '../../src/postgres/database.ts';
import { InfrastructureTrouble } from '../../src/postgres/errors.ts';
import { prepared, together } from '../../src/postgres/tx.ts';
import { untilWaiting } from '../support/aftermath.ts';
import { openProxy } from '../support/database-proxy.ts';
import { shared } from '../support/shared.ts';
import { createWorld } from '../support/world.ts';

const world = shared(createWorld);
let db: Database;

beforeAll(async () => {
  await world.sql('create table ledger (id int primary key, amount int)');
});

beforeEach(async () => {
  await world.sql('truncate ledger');
  // One connection, so that a test knows which one a statement meets.
  db = openDatabase({ url: world.url, connections: 1, name: 'test' });
});

afterEach(() => db.close());
const entries = () => world.sql('select id, amount from ledger order by id');
const backend = async () => (await db.query('select pg_backend_pid() as pid')).rows[0];

describe('statements that are sent together', () => {
  it('run in the order in which they were sent, prepared or not', async () => {
    const raise = prepared('test raise', 'update ledger set amount = amount * $1 where id = 1');
    const [, , , seen] = await db.transaction((tx) =>
      together(
        tx.query('insert into ledger values (1, 1)'),
        tx.query(raise, [10]),
        tx.query('update ledger set amount = amount + 1'),
        tx.query('select amount from ledger'),
        tx.query(raise, [100]),
      ),
    );
    expect(seen.rows).toEqual([{ amount: 11 }]);
    expect(await entries()).toEqual([{ id: 1, amount: 1100 }]);
  });

  it('are sent as a whole, before the first answer is there', async () => {
    const proxy = await openProxy(world.url);
    const through = openDatabase({ url: proxy.url, connections: 1, name: 'test' });
    const holder = await world.connect();
    await holder.query('begin; lock table ledger');
    const sending = through.transaction((tx) =>
      together(tx.query('select from ledger'), tx.query('select 2'), tx.query(`select 'the last one'`)),
    );
    const refused = expect(sending).rejects.toThrow(InfrastructureTrouble);
    // The first still waits for its lock.
    await proxy.cutBefore('the last one');
    await holder.end();
    await refused;
    await through.close();
    await proxy.close();
  });

  it('throw what went wrong, and not what was refused on account of it, in whichever order they are looked at', async () => {
    for (const order of ['sent', 'reversed']) {
      const sending = db.transaction((tx) => {
        const sent = [
          tx.query('insert into ledger values (1, 1)'),
          tx.query('select 1 / 0'),
          tx.query('insert into ledger values (2, 2)'),
          tx.query(prepared('test count', 'select count(*) from ledger')),
        ];
        return together(...(order === 'sent' ? sent : sent.reverse()));
      });
      await expect(sending).rejects.toThrow('division by zero');
      await expect(sending).rejects.not.toThrow(InfrastructureTrouble);
    }
    expect(await entries()).toEqual([]);
  });

  it('leave a connection on which its prepared statements still work', async () => {
    const count = prepared('test count', 'select count(*) as n from ledger');
    const before = await backend();
    const sending = db.transaction((tx) => together(tx.query('select 1 / 0'), tx.query(count)));
    await expect(sending).rejects.toThrow('division by zero');
    expect((await db.transaction((tx) => tx.query(count))).rows).toEqual([{ n: 0 }]);
    expect(await backend()).toEqual(before);
  });

  it('that fail as trouble of the database are trouble', async () => {
    const trouble = `do $$ begin raise exception 'deadlock' using errcode = '40P01'; end $$`;
    const sending = db.transaction((tx) =>
      together(tx.query(trouble), tx.query('select 1'), tx.query('select 2')),
    );
    await expect(sending).rejects.toMatchObject({ code: 'infrastructure_trouble', sqlState: '40P01' });
  });
});

describe('a table that changes under a prepared statement', () => {
  const ALL = prepared('test all', 'select * from ledger');

  it.each([
    [
      'a column with another type',
      'alter column amount type text using amount::text',
      { id: 1, amount: '7' },
    ],
    ['a further column', `add column note text default 'new'`, { id: 1, amount: 7, note: 'new' }],
  ])(
    'by %s is trouble once: the connection is thrown away, and the next try works',
    async (_, change, row) => {
      await world.sql('insert into ledger values (1, 7)');
      const before = await backend();
      await db.query(ALL);
      await world.sql(`alter table ledger ${change}`);
      const stale = db.transaction((tx) => tx.query(ALL));
      await expect(stale).rejects.toMatchObject({
        code: 'infrastructure_trouble',
        message: 'cached plan must not change result type',
      });
      expect((await db.transaction((tx) => tx.query(ALL))).rows).toEqual([row]);
      expect(await backend()).not.toEqual(before);
      await world.sql('drop table ledger');
      await world.sql('create table ledger (id int primary key, amount int)');
    },
  );

  it('is trouble once, however many connections have planned it: no row comes upon one after the other', async () => {
    const many = openDatabase({ url: world.url, connections: 4, name: 'test' });
    const holder = await world.connect();
    await holder.query('begin; lock table ledger');
    const planning = Array.from({ length: 4 }, () => many.query(ALL));
    await untilWaiting(world, 4, planning);
    await holder.end();
    await Promise.all(planning);
    await world.sql('alter table ledger add column note text');
    await expect(many.query(ALL)).rejects.toThrow('cached plan');
    await Promise.all(Array.from({ length: 4 }, () => many.query(ALL)));
    await many.close();
    await world.sql('alter table ledger drop column note');
  });
});

describe('a COMMIT that the server answers with ROLLBACK', () => {
  it('is not taken for committed, however quietly the failure before it was swallowed', async () => {
    const committed = db.transaction(async (tx) => {
      await tx.query('insert into ledger values (1, 1)');
      await tx.query('select 1 / 0').catch(() => {});
      return 'done';
    });
    await expect(committed).rejects.toMatchObject({
      code: 'infrastructure_trouble',
      message: 'rolled back instead of committed',
    });
    expect(await entries()).toEqual([]);
  });

  it('is the failure itself where a constraint is only looked at in the end', async () => {
    await world.sql('create table parts (ledger_id int references ledger deferrable initially deferred)');
    const committed = db.transaction((tx) => tx.query('insert into parts values (404)'));
    await expect(committed).rejects.toThrow('violates foreign key constraint');
    expect((await db.query('select count(*) as n from parts')).rows).toEqual([{ n: 0 }]);
    await world.sql('drop table parts');
  });
});
