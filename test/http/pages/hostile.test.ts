// Whatever stands in the data: on a page it is text, of a length that can be read, and hides and turns nothing.
import { EVERY_ROW } from '../../../src/domain/batch-row.ts';
import { rowsOf } from '../../../src/store/batch-rows.ts';
import { startShift } from '../../runs/shift.ts';
import { shared } from '../../support/shared.ts';
import { linkTo, sharedReader, tableOf, textOf } from './reader.ts';

const shift = shared(() => startShift({ INCIDENT_URL: 'https://incidents.test/browse/{key}?a=1&b=2' }));
const reader = sharedReader(shift);

const SCRIPT = `"><script>alert(1)</script><img src=x onerror=alert(1)>' onfocus=alert(1) autofocus="`;

it.each([
  ['a script', SCRIPT, [SCRIPT.slice(0, 40)]],
  ['marks that turn the reading direction', 'A\u202egnp.exe\u2066B\u200f', ['Agnp.exeB']],
  [
    'an e-mail address and a token',
    'jane.doe@acme.example xoxb-1234567890-abcdef',
    ['j•••@acme.example', '[masked]'],
  ],
])('%s in a name, an error and a reason is text and nothing else', async (_, hostile, shown) => {
  const { world } = shift;
  const seen = hostile.replace(/[\u2000-\u206f]/g, '');
  const ramp = await world.ramp({ vendorId: await world.vendor({ name: hostile }) });
  await world.sql(`update or_ramps set name = $2 where id = $1`, [ramp.id, hostile]);
  await world.execution({ ramp, errorType: hostile, errorMessage: hostile });
  const id = await shift.plan({
    ramp_uuids: [ramp.uuid],
    reason: seen.slice(0, 150),
  });
  for (const path of [
    '/batches',
    `/batches/${id}`,
    `/batches/${id}?vendor=${encodeURIComponent(seen)}&text=${encodeURIComponent(seen)}`,
  ]) {
    const { status, markup } = await reader.get(path);
    expect(status).toBe(200);
    expect(markup).not.toMatch(/[\u202a-\u202e\u2066-\u2069\u200e\u200f]/);
    // Of every element its name and its attributes' names.
    const elements = markup.replaceAll(/"[^"]*"/g, '""').match(/<[^>]*>/g) ?? [];
    expect(elements.filter((one) => /^<(?:script|img)|\s(?:on\w+|style|autofocus)\b/.test(one))).toEqual([]);
    // Marks that nobody sees stand in what a filter looks through.
    if (!path.includes('?')) for (const text of shown) expect(textOf(markup)).toContain(text);
    const inFields = /<input[^>]*>/g;
    expect(markup.replace(inFields, '')).not.toContain('jane.doe@');
  }
});

it('an error of ten megabytes is cut by the database: a page and a file stay small, and are there at once', async () => {
  const { world } = shift;
  const ramp = await world.ramp();
  await world.execution({ ramp });
  const id = await shift.plan({ ramp_uuids: [ramp.uuid] });
  // As a release before wrote it down; now it is cut before.
  await world.sql(
    `update retry_batch.plan_rows set error_message = repeat('0123456 789', 1000000), skip_detail = repeat('y', 10000000) where batch_id = $1`,
    [id],
  );
  const [read] = await rowsOf(shift.app.db, id, EVERY_ROW, { kind: 'after', position: 0 }, 1);
  expect([read?.errorMessage?.length, read?.detail?.length]).toEqual([4000, 4000]);
  const { markup } = await reader.get(`/batches/${id}`);
  expect(markup.length).toBeLessThan(60_000);
  const [row] = tableOf(markup, 'Rows');
  expect(row?.join(' ')).toContain('0123456');
  expect((await reader.csv(`/batches/${id}/rows.csv`)).join('').length).toBeLessThan(10_000);
  expect((await reader.get(`/batches/${id}?text=zzz`)).status).toBe(200);
});

it('an execution from before our era, or from infinity, breaks no picture', async () => {
  const { world } = shift;
  const ramp = await world.ramp();
  for (const createdAt of ['2026-05-11T12:31:00Z', '2026-05-11T12:32:00Z'])
    await world.execution({ ramp, createdAt });
  const id = await shift.plan({ ramp_uuids: [ramp.uuid] });
  await world.sql(
    `update retry_batch.plan_rows set created_at = '0044-03-15 12:00:00 BC' where batch_id = $1 and position = 1`,
    [id],
  );
  expect((await reader.get(`/batches/${id}`)).status).toBe(200);
  await world.sql(`update retry_batch.plan_rows set created_at = 'infinity' where batch_id = $1`, [id]);
  const { status, markup } = await reader.get(`/batches/${id}`);
  expect(status).toBe(200);
  expect(textOf(markup)).toContain('infinity');
});

it('the key of an incident is a link where the operator has said where keys lead, and nothing else of a reason is', async () => {
  const id = await shift.plan({ reason: 'ONRAMP-4887 "><a href=https://evil.test>A-12</a>' });
  const { markup } = await reader.get(`/batches/${id}`);
  expect(linkTo(markup, 'ONRAMP-4887')).toBe('https://incidents.test/browse/ONRAMP-4887?a=1&b=2');
  expect(markup).not.toMatch(/<a [^>]*evil/);
});
