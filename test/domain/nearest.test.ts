// "Did you mean …?" finds typing slips, and keeps quiet where it would only guess.
import fc from 'fast-check';
import { nearest } from '../../src/domain/nearest.ts';
import { REQUEST_FIELDS } from '../../src/domain/request.ts';

describe('the nearest known word', () => {
  it.each([
    ['suppress_notification', 'suppress_notifications'],
    ['supress_notifications', 'suppress_notifications'],
    ['Suppress-Notifications', 'suppress_notifications'],
    ['sicne', 'since'],
    ['untill', 'until'],
    ['vendor_id', 'vendor_ids'],
    ['ramp_uuid', 'ramp_uuids'],
    ['execution_uuid', 'execution_uuids'],
    ['forceretry', 'force_retry'],
    ['dryrun', 'dry_run'],
  ])('to %s is %s', (typed, meant) => {
    expect(nearest(typed, REQUEST_FIELDS)).toBe(meant);
  });

  it.each(['x', 'limit', 'comment', 'tenant', '', 'w'.repeat(10_000)])('to "%s" is none', (typed) => {
    expect(nearest(typed, REQUEST_FIELDS)).toBeUndefined();
  });

  it('is none where no word is known', () => {
    expect(nearest('since', [])).toBeUndefined();
  });

  it('is the word itself, in any case and with dashes', () => {
    fc.assert(
      fc.property(fc.constantFrom(...REQUEST_FIELDS), (field) => {
        expect(nearest(field, REQUEST_FIELDS)).toBe(field);
        expect(nearest(field.toUpperCase().replaceAll('_', '-'), REQUEST_FIELDS)).toBe(field);
      }),
    );
  });

  it('forgives any single slip of the finger', () => {
    const slip = fc.tuple(
      fc.constantFrom(...REQUEST_FIELDS),
      fc.nat(),
      fc.constantFrom('drop', 'double', 'swap'),
    );
    fc.assert(
      fc.property(slip, ([field, at, kind]) => {
        const i = at % (field.length - 1);
        const typed = {
          drop: field.slice(0, i) + field.slice(i + 1),
          double: field.slice(0, i) + field.charAt(i) + field.slice(i),
          swap: field.slice(0, i) + field.charAt(i + 1) + field.charAt(i) + field.slice(i + 2),
        }[kind];
        expect(nearest(typed as string, REQUEST_FIELDS)).toBe(field);
      }),
    );
  });
});
