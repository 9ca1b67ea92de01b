// Canaries: of each vendor and error group one row goes first, and what it shows decides about the others.
import { continueAnyway, retryHeld } from '../../src/engine/decide/go-on.ts';
import { call } from '../support/app.ts';
import { shared } from '../support/shared.ts';
import { until } from '../support/until.ts';
import type { Ramp } from '../support/world.ts';
import { ADMIN, failures, startShift, times, WINDOW } from './shift.ts';

// A short silence also means a quick heartbeat, which the brake's test watches.
const shift = shared(() => startShift({ TAKEOVER_SECONDS: '2' }));

/** A dry run over these workflows only, approved. */
function run(...ramps: Ramp[]): Promise<string> {
  return shift.run(of(ramps));
}

function of(ramps: readonly Ramp[]) {
  return { ramp_uuids: ramps.map((ramp) => ramp.uuid) };
}

describe('the canaries of a run', () => {
  it('are one row of each vendor and error group, before any other row', async () => {
    const { world } = shift;
    const first: string[] = [];
    const ramps: Ramp[] = [];
    for (const name of ['Acme', 'Bluebird', 'Café']) {
      const ramp = await world.ramp({ vendorId: await world.vendor({ name }) });
      ramps.push(ramp);
      for (const errorMessage of ['no new_task', 'no old_task']) {
        const made = await failures(world, ramp, times(6, 'good'), { errorMessage });
        first.push(made[0]?.uuid ?? '');
      }
    }
    const batchId = await run(...ramps);
    await shift.becomes(batchId, 'finished');
    const turns = await shift.turns(batchId);
    expect(turns).toHaveLength(36);
    expect(turns.slice(0, 6).sort()).toEqual(first.sort());
  });

  it('are 25 at most, those of the largest groups', async () => {
    const { world } = shift;
    const ramp = await world.ramp();
    const letter = (n: number) => String.fromCharCode(97 + n);
    const largest: string[] = [];
    for (let n = 0; n < 26; n += 1) {
      // The first group is the smallest and the oldest; it is the one that has no canary.
      const made = await failures(world, ramp, times(n === 0 ? 1 : 2, 'good'), {
        errorMessage: `lost ${letter(n)}`,
        from: n,
      });
      if (n > 0) largest.push(made[0]?.uuid ?? '');
    }
    const batchId = await run(ramp);
    await shift.becomes(batchId, 'finished');
    expect((await shift.turns(batchId)).slice(0, 25).sort()).toEqual(largest.sort());
  });

  it('hold the rest of their group when they fail, with the error shown, while the others go on', async () => {
    const { world } = shift;
    const acme = await world.ramp({ vendorId: await world.vendor({ name: 'Acme' }) });
    const bluebird = await world.ramp({ vendorId: await world.vendor({ name: 'Bluebird' }) });
    await failures(world, acme, ['noName', ...times(5, 'good')]);
    await failures(world, bluebird, times(6, 'good'));
    const batchId = await run(acme, bluebird);
    await shift.becomes(batchId, 'finished');
    const rows = await shift.rows(batchId);
    expect(rows.filter((row) => row.vendorId === bluebird.vendorId).map((row) => row.outcome)).toEqual(
      times(6, 'success'),
    );
    const acmes = rows.filter((row) => row.vendorId === acme.vendorId);
    expect(acmes.map((row) => row.outcome)).toEqual(['error', ...times(5, 'not_reached')]);
    expect(acmes[1]?.held).toMatch(/its canary failed: MissingTriggerFieldError: .*account\.name/);
    expect(await shift.events(batchId, 'held')).toMatchObject([
      {
        evidence: {
          rule: 'canary',
          vendor_id: acme.vendorId,
          rows: 5,
          error: expect.stringContaining('account.name'),
        },
      },
    ]);
  });

  it('pass on to the next row of the group when one is skipped at its turn', async () => {
    const { world } = shift;
    const ramp = await world.ramp();
    const other = await world.ramp();
    await failures(world, other, ['good']);
    const made = await failures(world, ramp, ['good', 'noName', ...times(4, 'good')]);
    const batchId = await shift.plan(of([ramp, other]));
    if (made[0]) await world.project(made[0]);
    await shift.approve(batchId);
    await shift.becomes(batchId, 'finished');
    const rows = (await shift.rows(batchId)).filter((row) => row.vendorId === ramp.vendorId);
    expect(rows.map((row) => row.outcome)).toEqual(['skipped', 'error', ...times(4, 'not_reached')]);
  });

  it('pass on to the next row of the group when one is locked, which gets its turn later', async () => {
    const { world } = shift;
    const ramp = await world.ramp();
    const made = await failures(world, ramp, times(4, 'good'));
    const holder = await world.connect();
    await holder.query('begin');
    await holder.query('select from or_ramp_executions where id = $1 for update', [made[0]?.id]);
    const batchId = await run(ramp);
    await until('all but the locked row are done', async () => (await shift.turns(batchId)).length === 3);
    await holder.query('commit');
    await holder.end();
    await shift.becomes(batchId, 'finished');
    expect((await shift.turns(batchId))[0]).toBe(made[1]?.uuid);
    expect((await shift.rows(batchId)).map((row) => row.outcome)).toEqual(times(4, 'success'));
  });
});

describe('a run whose every canary failed', () => {
  async function selfPaused(): Promise<string> {
    const { world } = shift;
    const ramps: Ramp[] = [];
    for (let n = 0; n < 2; n += 1) {
      const ramp = await world.revokedRamp();
      await failures(world, ramp, times(4, 'good'));
      ramps.push(ramp);
    }
    const batchId = await run(...ramps);
    await shift.becomes(batchId, 'paused');
    return batchId;
  }

  it('pauses, says that another error than before says nothing about the fix, and has tried nothing else', async () => {
    const batchId = await selfPaused();
    expect(await shift.events(batchId, 'paused')).toMatchObject([
      {
        actor: { kind: 'system', name: 'canary' },
        evidence: {
          why: expect.stringMatching(
            /the first replay of every group failed \(2 of 2\).*nothing about the fix/,
          ),
        },
      },
    ]);
    expect(await shift.events(batchId, 'held')).toMatchObject(times(2, { evidence: { original: false } }));
    expect(await shift.turns(batchId)).toHaveLength(2);
  });

  it('says that the fix does not look live where the original error came back', async () => {
    const { world } = shift;
    const original = {
      errorType: 'IntegrationAuthError',
      errorMessage: "the salesforce integration's token was revoked; have the customer reconnect it",
    };
    const ramp = await world.revokedRamp();
    for (let n = 0; n < 3; n += 1) await world.execution({ ramp, ...original });
    const batchId = await run(ramp);
    await shift.becomes(batchId, 'paused');
    expect(await shift.events(batchId, 'held')).toMatchObject([{ evidence: { original: true, rows: 2 } }]);
    expect(await shift.events(batchId, 'paused')).toMatchObject([
      {
        evidence: {
          why: expect.stringMatching(/\(1 of 1\), with the original error: the fix does not look live/),
        },
      },
    ]);
  });

  it('flies new canaries when what is held is retried, and finishes when they pass', async () => {
    const batchId = await selfPaused();
    await shift.world.sql('update or_integrations set token_revoked_at = null');
    expect(await retryHeld(shift.app.ports, batchId, ADMIN)).toMatchObject({ kind: 'done' });
    await shift.becomes(batchId, 'finished');
    const outcomes = (await shift.rows(batchId)).map((row) => row.outcome).sort();
    expect(outcomes).toEqual([...times(2, 'error'), ...times(6, 'success')]);
    expect(await shift.once()).toEqual({ doubles: 0 });
  });

  it('pauses once more when what is retried fails again', async () => {
    const batchId = await selfPaused();
    await retryHeld(shift.app.ports, batchId, ADMIN);
    await until('it paused a second time', async () => (await shift.events(batchId, 'paused')).length === 2);
    expect(await shift.turns(batchId)).toHaveLength(4);
  });

  it('tries everything, without further canaries, when an admin continues', async () => {
    const batchId = await selfPaused();
    await shift.world.sql('update or_integrations set token_revoked_at = null');
    expect(await continueAnyway(shift.app.ports, batchId, ADMIN)).toMatchObject({ kind: 'done' });
    await shift.becomes(batchId, 'finished');
    expect((await shift.rows(batchId)).filter((row) => row.outcome === 'success')).toHaveLength(6);
    expect(await shift.events(batchId, 'held')).toHaveLength(2);
  });
});

describe('an emergency brake while canaries wait', () => {
  it('lets no other row go before them when it is lifted', async () => {
    const { world } = shift;
    const ramp = await world.ramp();
    await failures(world, ramp, ['noName', ...times(7, 'good')]);
    const other = await world.ramp();
    await failures(world, other, ['good']);
    await world.sql('update retry_batch.brake set is_on = true');
    const batchId = await run(ramp, other);
    await until('the run has waited behind the brake for some beats of its heart', async () => {
      const [worker] = await world.sql<{ waited: boolean }>(
        `select w.seen_at > b.started_at + interval '1 second' as waited
         from retry_batch.run_workers w join retry_batch.batches b on b.id = w.batch_id where b.id = $1`,
        [batchId],
      );
      return worker?.waited;
    });
    await world.sql('update retry_batch.brake set is_on = false');
    await shift.becomes(batchId, 'finished');
    const rows = (await shift.rows(batchId)).filter((row) => row.vendorId === ramp.vendorId);
    expect(rows.map((row) => row.outcome)).toEqual(['error', ...times(7, 'not_reached')]);
  });
});

describe('a call over HTTP', () => {
  it('has no canary: one call of 25 tries all its rows', async () => {
    const { world, app } = shift;
    const ramp = await world.ramp();
    await failures(world, ramp, ['noName', ...times(24, 'good')]);
    const cookie = await world.session((await world.user()).id);
    const options = { dry_run: false, suppress_notifications: true };
    const answered = await call(app, cookie, { ...WINDOW, ...of([ramp]), ...options });
    expect(answered.body.summary).toMatchObject({ eligible: 25, success: 24, error: 1, remaining: 0 });
  });
});
