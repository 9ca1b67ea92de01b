// npm run batches -- export: every row and every event of a batch, in files.
import { mkdtemp, readFile, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { spawnNpm } from '../support/process.ts';
import { batches, finished, shift } from './shift.ts';

describe('npm run batches -- export', () => {
  it('writes every row and every event as CSV, with secrets masked', async () => {
    const batchId = await finished();
    const { code, lines, out } = await batches('export', batchId);
    const [header, ...rows] = lines;
    // Excel reads it as another code page without its mark.
    expect(header).toMatch(/^\ufeffrecord,execution_uuid,vendor_id,.*,evidence$/);
    const kinds = rows.map((line) => line.split(',')[0]);
    expect(kinds.filter((kind) => kind === 'result')).toHaveLength(6);
    expect(kinds.filter((kind) => kind === 'skipped_by_plan')).toHaveLength(1);
    const events = await shift.world.sql('select from retry_batch.events where batch_id = $1', [batchId]);
    expect(kinds.filter((kind) => kind === 'event')).toHaveLength(events.length);
    expect(out).toContain('its canary failed: MissingTriggerFieldError');
    expect(out).not.toMatch(/xoxb-1234567890|jane\.doe@/);
    expect(code).toBe(0);
  });

  it.each([[[]], [['--json']]])(
    'writes exactly that into a file, for its owner alone: %j',
    async (options) => {
      const batchId = await finished();
      const file = join(await mkdtemp(join(tmpdir(), 'retry-batch-export-')), 'results.csv');
      const { out } = await batches('export', batchId, ...options);
      const ran = await batches('export', batchId, ...options, '--output', file);
      expect(ran).toMatchObject({ code: 0, out: `Written to ${file}.\n`, err: '' });
      expect(await readFile(file, 'utf8')).toBe(out);
      expect((await stat(file)).mode & 0o077).toBe(0);
    },
  );

  it('through npm writes nothing of npm’s into the file, nor where it is told to be silent', async () => {
    const batchId = await finished();
    const file = join(await mkdtemp(join(tmpdir(), 'retry-batch-export-')), 'results.csv');
    const environment = { DATABASE_URL: shift.world.url };
    const toFile = spawnNpm(['run', 'batches', '--', 'export', batchId, '--output', file], environment);
    const silent = spawnNpm(['run', '-s', 'batches', '--', 'export', batchId], environment);
    expect([await toFile.exited, await silent.exited]).toMatchObject([{ code: 0 }, { code: 0 }]);
    expect(await readFile(file, 'utf8')).toMatch(/^\ufeffrecord,/);
    expect(silent.stdout()).toBe(await readFile(file, 'utf8'));
  });

  it('says that a file can’t be written, and ends with 74', async () => {
    const { code, err } = await batches(
      'export',
      await finished(),
      '--output',
      '/no-such-folder/results.csv',
    );
    expect({ code, err }).toEqual({
      code: 74,
      err: '/no-such-folder/results.csv could not be written (ENOENT): what is there is not complete\n',
    });
  });

  it('writes the same as JSON lines', async () => {
    const batchId = await finished();
    const { lines, out } = await batches('export', batchId, '--json');
    const records = lines.map((line) => JSON.parse(line) as Record<string, unknown>);
    expect(records.filter(({ record }) => record === 'result')).toHaveLength(6);
    expect(records.find(({ action }) => action === 'approved')).toMatchObject({
      actor: { kind: 'slack', userId: 'U0ADMIN', user: { email: 'p•••@onramp.test' } },
      evidence: { eligible: 6 },
    });
    expect(out).not.toMatch(/xoxb-1234567890|jane\.doe@/);
  });

  it('streams: more rows than a page holds come out whole', async () => {
    const ramp = await shift.world.ramp();
    const batchId = await shift.plan({ ramp_uuids: [ramp.uuid] });
    await shift.world.sql(
      `with grown as (update retry_batch.batches set summary = summary || '{"matched": 2500, "skipped": 2500}' where id = $1)
       insert into retry_batch.plan_rows (batch_id, position, execution_id, execution_uuid, vendor_id, ramp_id, ramp_uuid,
         created_at, workflow_version, drift, skip_reason, skip_detail)
       select $1, n, n, gen_random_uuid(), 1, 1, gen_random_uuid(), now(), 1, false, 'ramp_deleted', ''
       from generate_series(1, 2500) n`,
      [batchId],
    );
    const { lines } = await batches('export', batchId);
    expect((await batches('show', batchId)).out).toContain('Planned: 2,500 matched = ');
    expect(lines.filter((line) => line.startsWith('skipped_by_plan,'))).toHaveLength(2500);
    expect(new Set(lines).size).toBe(lines.length);
  });
});
