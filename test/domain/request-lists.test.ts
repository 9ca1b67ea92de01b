// The lists of a request: how long they may be and what may stand in them.
import { MAX_LIST } from '../../src/domain/request.ts';
import { accepted, mistakes, SINCE, UUID } from './asked.ts';

/** `count` different UUIDs. */
function uuids(count: number): string[] {
  return Array.from({ length: count }, (_, n) => `00000000-0000-4000-8000-${String(n).padStart(12, '0')}`);
}

describe('a list', () => {
  const lists = [
    ['vendor_ids', (count: number) => Array.from({ length: count }, (_, n) => n + 1)],
    ['ramp_uuids', uuids],
    ['execution_uuids', uuids],
  ] as const;

  function withList(field: string, list: unknown) {
    return field === 'execution_uuids' ? { [field]: list } : { since: SINCE, [field]: list };
  }

  it.each(lists)('of %s names 1 to 1,000', (field, make) => {
    expect(accepted(withList(field, make(1)))[field]).toHaveLength(1);
    expect(accepted(withList(field, make(MAX_LIST)))[field]).toHaveLength(1000);
    expect(mistakes(withList(field, []))).toEqual([
      expect.stringMatching(`^${field}: must name at least one`),
    ]);
    expect(mistakes(withList(field, make(1001)))).toEqual([
      expect.stringMatching(`^${field}: must name at most 1000`),
    ]);
  });

  it.each(lists)('of %s is told about its length and its items at once', (field, make) => {
    expect(mistakes(withList(field, [...make(1001), false]))).toEqual([
      expect.stringMatching(`^${field}: item 1002 must`),
      expect.stringMatching(`^${field}: must name at most 1000`),
    ]);
  });

  it.each(lists)('of %s is a list', (field) => {
    for (const value of ['1', 1, {}, null, true]) {
      expect(mistakes(withList(field, value))).toEqual([
        expect.stringMatching(`^${field}: must be a list of`),
      ]);
    }
  });

  it.each([0, -1, 1.5, 2 ** 53, Number.NaN, Number.POSITIVE_INFINITY, '7', null, true, [7]])(
    'of vendors refuses %p, which is no id',
    (id) => {
      expect(mistakes({ since: SINCE, vendor_ids: [1, id] })).toEqual([
        expect.stringMatching(/^vendor_ids: item 2 must be a (positive|whole)? ?number/),
      ]);
    },
  );

  it('of vendors takes the largest id there is', () => {
    expect(accepted({ since: SINCE, vendor_ids: [2 ** 53 - 1] }).vendor_ids).toEqual([9007199254740991]);
  });

  it.each(['', 'x', UUID.slice(1), `${UUID}0`, ` ${UUID}`, `{${UUID}}`, UUID.replaceAll('-', ''), 7, null])(
    'of UUIDs refuses %p',
    (uuid) => {
      expect(mistakes({ execution_uuids: [UUID, uuid] })).toEqual([
        expect.stringMatching(/^execution_uuids: item 2 must be a UUID/),
      ]);
    },
  );

  it('names every item that is wrong', () => {
    expect(mistakes({ since: SINCE, vendor_ids: ['1', 2, 0] })).toEqual([
      expect.stringContaining('item 1 '),
      expect.stringContaining('item 3 '),
    ]);
  });
});
