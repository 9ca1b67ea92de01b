// The axis of a picture over time: round steps, everything on it, and a break where nothing happened for long.
import fc from 'fast-check';
import { axisOf, placeOn, type Stretch, stepOf } from '../../src/views/axis.ts';

const HOUR = 3_600_000;
const at = (text: string) => Date.parse(text);

const stretches = fc.array(
  fc
    .tuple(fc.integer({ min: 0, max: 4e12 }), fc.integer({ min: 0, max: 30 * 24 * HOUR }))
    .map(([from, length]): Stretch => [from, from + length]),
  { minLength: 1, maxLength: 8 },
);

it('has both ends of every stretch on it, in their order, in at most 130 steps', () => {
  fc.assert(
    fc.property(stretches, (all) => {
      const axis = axisOf(all);
      expect(axis.steps.length).toBeLessThanOrEqual(130);
      const moments = all.flat().sort((a, b) => a - b);
      const places = moments.map((moment) => placeOn(axis, moment));
      expect(moments.every((moment) => stepOf(axis, moment) !== null || axis.breakAfter !== null)).toBe(true);
      expect(places).toEqual([...places].sort((a, b) => a - b));
      expect(places.every((place) => place >= 0 && place <= 1)).toBe(true);
      const ends = [Math.min(...moments), Math.max(...moments)];
      expect(ends.every((moment) => stepOf(axis, moment) !== null)).toBe(true);
      expect(axis.steps).toEqual([...new Set(axis.steps)].sort((a, b) => a - b));
    }),
  );
});

it('counts in steps that people count in, which begin on the clock', () => {
  const axis = axisOf([[at('2026-05-11T08:03:20Z'), at('2026-05-11T11:41:00Z')]]);
  expect(axis.stepMs).toBe(5 * 60_000);
  expect(new Date(axis.steps[0] ?? 0).toISOString()).toBe('2026-05-11T08:00:00.000Z');
  expect(axis.breakAfter).toBeNull();
});

it('is broken between an incident of the morning and what was done about it days later', () => {
  const incident: Stretch = [at('2026-05-11T08:00:00Z'), at('2026-05-11T10:00:00Z')];
  const later: Stretch = [at('2026-05-14T09:00:00Z'), at('2026-05-14T09:20:00Z')];
  const axis = axisOf([incident, later]);
  expect(axis.stepMs).toBe(5 * 60_000);
  expect(axis.breakAfter).toBe(25);
  expect(axis.steps[24]).toBe(at('2026-05-11T10:00:00Z'));
  expect(axis.steps[25]).toBe(at('2026-05-14T09:00:00Z'));
  expect(stepOf(axis, at('2026-05-12T00:00:00Z'))).toBeNull();
});

it('is not broken inside of a stretch, however long that is', () => {
  const axis = axisOf([
    [at('2026-05-01T00:00:00Z'), at('2026-05-11T00:00:00Z')],
    [at('2026-05-11T00:10:00Z'), at('2026-05-11T00:20:00Z')],
  ]);
  expect(axis.breakAfter).toBeNull();
});

it('has one step for one moment', () => {
  const moment = at('2026-05-11T08:00:00.500Z');
  expect(axisOf([[moment, moment]])).toEqual({
    from: at('2026-05-11T08:00:00Z'),
    stepMs: 1000,
    steps: [at('2026-05-11T08:00:00Z')],
    breakAfter: null,
  });
});
