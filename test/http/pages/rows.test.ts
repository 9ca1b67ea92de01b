// The rows of a batch in the browser: filtered, paged, and the same as a file.
import { startShift } from '../../runs/shift.ts';
import { shared } from '../../support/shared.ts';
import { linkTo, sharedReader, tableOf, textOf } from './reader.ts';
import { MINUTE, manyRows } from './scenes.ts';

const shift = shared(() => startShift());
const reader = sharedReader(shift);

/** Of 350 rows every third succeeded, failed, or was not reached. */
const ROWS = 350;
const batch = shared(async () => {
  const ramp = await shift.world.ramp({ vendorId: await shift.world.vendor({ name: 'Acme & Söhne' }) });
  const like = await shift.plan();
  const from = Date.parse('2026-05-11T08:00:00Z');
  const id = await manyRows(shift.world, like, { ramp, count: ROWS, from, to: from + 60 * MINUTE });
  return { id, ramp };
});

const page = (query: string) => reader.get(`/batches/${batch.id}${query}`);
const file = (query: string) => reader.csv(`/batches/${batch.id}/rows.csv${query}`);
const numbers = (markup: string) =>
  tableOf(markup, 'Rows').map(([number]) => Number(number?.replace(',', '')));
const change = (set: string, where: string) =>
  shift.world.sql(`update retry_batch.plan_rows set ${set} where batch_id = $1 and ${where}`, [batch.id]);

/** All numbers of a filter, page by page, in the direction of the link with these words. */
async function walked(query: string, words: 'Next' | 'Previous'): Promise<number[][]> {
  const pages: number[][] = [];
  for (let path: string | undefined = `/batches/${batch.id}${query}`; path !== undefined; ) {
    const { markup }: { markup: string } = await reader.get(path.replace(/#.*/, ''));
    pages.push(numbers(markup));
    path = linkTo(markup.slice(markup.indexOf('id="rows"')), words);
  }
  return pages;
}

const range = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, index) => from + index);

it('a hundred a page, every row once, forwards and backwards from the last page', async () => {
  const forwards = await walked('', 'Next');
  expect(forwards.map((one) => one.length)).toEqual([100, 100, 100, 50]);
  expect(forwards.flat()).toEqual(range(1, ROWS));
  const first = await page('');
  const last = linkTo(first.markup, 'Last')?.replace(/#.*/, '').replace(`/batches/${batch.id}`, '');
  const backwards = await walked(last ?? '', 'Previous');
  expect(backwards[0]).toEqual(range(ROWS - 99, ROWS));
  expect(backwards.reverse().flat()).toEqual(range(1, ROWS));
});

it('the pages of rows say only that: nothing else of the batch is counted for each', async () => {
  const { markup } = await page('?after=100');
  expect(markup).not.toContain('id="picture"');
  expect(markup).not.toContain('DISAGREE');
  expect(linkTo(markup, 'Everything about this batch')).toBe(`/batches/${batch.id}`);
});

describe('a filter', () => {
  it.each([
    ['?outcome=success', (n: number) => n % 3 === 0],
    ['?outcome=error', (n: number) => n % 3 === 1],
    ['?outcome=not_reached', (n: number) => n % 3 === 2],
    ['?outcome=&reason=&vendor=&text=', () => true],
    ['?text=TASK%27+again', (n: number) => n % 3 === 1],
    ['?vendor=s%C3%B6hne', () => true],
    ['?vendor=999999', () => false],
    ['?vendor=Bluebird', () => false],
    ['?text=%25', () => false],
    ['?text=_', () => true],
  ])('%s has its rows and no other, on all its pages and in its file', async (query, isWanted) => {
    const wanted = range(1, ROWS).filter(isWanted);
    expect((await walked(query, 'Next')).flat()).toEqual(wanted);
    const [head, ...lines] = await file(query);
    expect(head).toBe(
      'number,execution_uuid,vendor_id,vendor_name,ramp_uuid,ramp_name,created_at,outcome,reason,detail,error_type,error_message,replay_error_type,replay_error_message,project_uuid',
    );
    expect(lines.map((line) => Number(line.split(',')[0]))).toEqual(wanted);
    expect(textOf((await page(query)).markup)).toMatch(new RegExp(`\\b${wanted.length} rows?\\b`));
  });

  it('goes with every link, and stands in its fields', async () => {
    await change(`outcome = 'skipped', outcome_reason = 'locked', done_at = now()`, 'position in (2, 5, 8)');
    const { markup } = await page('?reason=locked&vendor=Acme');
    expect(numbers(markup)).toEqual([2, 5, 8]);
    expect(markup).toContain('<option value="locked" selected>');
    expect(markup).toContain('value="Acme"');
    expect(linkTo(markup, 'All of them as CSV')).toBe(
      `/batches/${batch.id}/rows.csv?reason=locked&vendor=Acme`,
    );
    expect(textOf(markup)).toContain('ask for a new dry run when the other work is done');
    expect(linkTo((await page('?outcome=success')).markup, 'Next')).toMatch(
      /outcome=success&after=300#rows$/,
    );
    await change(`outcome = null, outcome_reason = null, done_at = null`, 'position in (2, 5, 8)');
  });

  it('finds what a canary keeps back among the rows that were not reached', async () => {
    await change(`held_because = 'its canary failed: UnboundLocalError'`, 'position = 11');
    expect(numbers((await page('?outcome=held')).markup)).toEqual([11]);
    expect(numbers((await page('?outcome=not_reached')).markup)).toContain(11);
    expect(textOf((await page('?outcome=held')).markup)).toContain('its canary failed');
    await change(`held_because = null`, 'position = 11');
  });

  it.each([
    '?outcome=nonsense',
    '?after=x',
    '?before=-1',
    '?after=99999999999',
    `?text=${'x'.repeat(501)}`,
    '?text=%00',
    '?text=a%E2%80%AEb',
  ])('that can’t be read is a mistake that says so, never every row: %s', async (query) => {
    for (const path of [`/batches/${batch.id}${query}`, `/batches/${batch.id}/rows.csv${query}`]) {
      const { status, markup } = await reader.get(path);
      expect(status).toBe(400);
      expect(linkTo(markup, 'Without a filter')).toBe(`/batches/${batch.id}`);
    }
  });
});

it('the file is one that no spreadsheet runs, masked as in Slack, and is named after the batch', async () => {
  await change(
    `outcome_error_message = '=HYPERLINK("http://evil") for jane.doe@acme.example'`,
    'position = 1',
  );
  const { headers, markup } = await reader.get(`/batches/${batch.id}/rows.csv?text=HYPERLINK`);
  expect(headers.get('content-type')).toBe('text/csv; charset=utf-8');
  expect(headers.get('content-disposition')).toBe(`attachment; filename="batch-${batch.id.slice(0, 8)}.csv"`);
  // Its mark is one that fetch takes off.
  expect(markup.startsWith('number,')).toBe(true);
  expect(markup).toContain(`"'=HYPERLINK(""http://evil"") for j•••@acme.example"`);
});
