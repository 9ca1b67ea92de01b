// The account step: one external id of one vendor is one account, however often and by however many it is replayed.
import { aftermathOf, untilWaiting } from '../support/aftermath.ts';
import { sharedEngine } from '../support/engine.ts';
import type { Execution, Ramp } from '../support/world.ts';

const { world, engine } = sharedEngine();
let ramp: Ramp;
let execution: Execution;

const payload = { account: { id: 'acct-1', name: 'Globex' } };

beforeEach(async () => {
  ramp = await world.ramp();
  execution = await world.execution({ ramp, payload });
});

async function account(vendorId: number, archived = false): Promise<number> {
  const { id } = await world.one<{ id: number }>(
    `insert into or_accounts (vendor_id, name, created_at, archived_at)
     values ($1, 'made before', now(), case when $2 then now() end) returning id`,
    [vendorId, archived],
  );
  return id;
}

async function link(entityId: number, o: { vendorId?: number; type?: string; archived?: boolean } = {}) {
  await world.sql(
    `insert into or_object_entity_ids (vendor_id, entity_type, external_id, entity_id, created_at, archived_at)
     values ($1, $2, 'acct-1', $3, now(), case when $4 then now() end)`,
    [o.vendorId ?? ramp.vendorId, o.type ?? 'account', entityId, o.archived ?? false],
  );
}

describe('the account of a replayed execution', () => {
  it('is created and linked where the vendor has none for the external id', async () => {
    await engine.replay(execution);
    const { accounts, links, projects } = await aftermathOf(world, execution);
    expect(accounts).toEqual([{ id: expect.any(Number), name: 'Globex' }]);
    expect(links).toEqual([{ externalId: 'acct-1', entityId: accounts[0]?.id, archived: false }]);
    expect(projects).toMatchObject([{ accountId: accounts[0]?.id, vendorId: ramp.vendorId }]);
  });

  it('is reused, name and all, where it is linked', async () => {
    const id = await account(ramp.vendorId);
    await link(id);
    await engine.replay(execution);
    const { accounts, links, projects } = await aftermathOf(world, execution);
    expect(accounts).toEqual([{ id, name: 'made before' }]);
    expect(links).toHaveLength(1);
    expect(projects).toMatchObject([{ accountId: id }]);
  });

  it('is reused by the next execution that names it', async () => {
    const next = await world.execution({ ramp, payload });
    await engine.replay(execution);
    await engine.replay(next);
    const [first, second] = [await aftermathOf(world, execution), await aftermathOf(world, next)];
    expect(second.accounts).toHaveLength(1);
    expect(second.projects[0]?.accountId).toBe(first.projects[0]?.accountId);
  });

  it('is a new one where the link is archived, whose row stays as it is', async () => {
    const id = await account(ramp.vendorId);
    await link(id, { archived: true });
    await engine.replay(execution);
    const { accounts, links, projects } = await aftermathOf(world, execution);
    expect(accounts).toHaveLength(2);
    expect(links).toEqual([
      { externalId: 'acct-1', entityId: id, archived: true },
      { externalId: 'acct-1', entityId: accounts[1]?.id, archived: false },
    ]);
    expect(projects).toMatchObject([{ accountId: accounts[1]?.id }]);
  });

  it("is neither another vendor's nor another kind of object with the same external id", async () => {
    const other = await world.vendor();
    await link(await account(other), { vendorId: other });
    await link(await account(ramp.vendorId), { type: 'contact' });
    await engine.replay(execution);
    const { accounts, projects } = await aftermathOf(world, execution);
    expect(accounts.map((one) => one.name)).toEqual(['made before', 'Globex']);
    expect(projects).toMatchObject([{ accountId: accounts[1]?.id }]);
  });

  it.each([
    ['does not exist', async () => 987_654_321],
    ['is archived', async () => account(ramp.vendorId, true)],
    ['belongs to another vendor', async () => account(await world.vendor())],
  ])('stops the replay where the link points to one that %s, and nothing is created', async (what, make) => {
    await link(await make());
    const before = await aftermathOf(world, execution);
    const row = await engine.replay(execution);
    expect(row).toMatchObject({ outcome: 'error', errorType: 'WorkflowConfigError', projectUuid: null });
    expect(row.errorMessage).toContain(what);
    const after = await aftermathOf(world, execution);
    expect(after).toMatchObject({
      status: 'ERROR',
      projects: [],
      accounts: before.accounts,
      links: before.links,
    });
  });
});

describe('two replays at once', () => {
  it('for one new external id make one account', async () => {
    const executions = [execution, await world.execution({ ramp, payload })];
    const plans = await Promise.all(executions.map((one) => engine.plan({ execution_uuids: [one.uuid] })));
    // Both have looked for the account and found none before either may write one.
    const gate = await world.connect();
    await gate.query('begin; lock table or_accounts in share mode');
    const replays = plans.map(({ batch }) => engine.turn(batch));
    await untilWaiting(world, 2, replays);
    await gate.query('commit');
    await gate.end();
    expect(await Promise.all(replays)).toMatchObject([{ outcome: 'success' }, { outcome: 'success' }]);
    const { accounts, links } = await aftermathOf(world, execution);
    expect([accounts.length, links.length]).toEqual([1, 1]);
    const found = await Promise.all(executions.map((one) => aftermathOf(world, one)));
    expect(found.flatMap((one) => one.projects.map((project) => project.accountId))).toEqual([
      accounts[0]?.id,
      accounts[0]?.id,
    ]);
  });

  it('do not lose the account where the one that linked it first takes it back', async () => {
    const { batch } = await engine.plan({ execution_uuids: [execution.uuid] });
    const other = await world.connect();
    await other.query('begin');
    await other.query(
      `insert into or_object_entity_ids (vendor_id, entity_type, external_id, entity_id, created_at)
       values ($1, 'account', 'acct-1', 987654321, now())`,
      [ramp.vendorId],
    );
    const replay = engine.turn(batch);
    await untilWaiting(world, 1, [replay]);
    await other.query('rollback');
    await other.end();
    expect(await replay).toMatchObject({ outcome: 'success' });
    expect((await aftermathOf(world, execution)).accounts).toMatchObject([{ name: 'Globex' }]);
  });
});
