// A few rounds under every fault: what `npm run chaos` runs by the hundred. The far sides, the processes and Postgres are
// real; the invariants are recounted from the tables and the receivers.
import { createRandom } from '../../src/dev/chaos/random.ts';
import { WHOLE } from '../support/cases.ts';
import { CAMPAIGN_MS, play, playRounds } from './play.ts';

const ROUNDS = WHOLE ? 5 : 2;
const SEED = 'npm test';

it(
  `nothing is lost, done twice or stuck in ${ROUNDS} rounds of chaos`,
  async () => {
    const summary = await playRounds(ROUNDS, SEED);
    expect(summary).toMatchObject({ seed: SEED, rounds: ROUNDS, violations: [] });
    expect(Object.keys(summary.faults).length).toBeGreaterThan(WHOLE ? 8 : 5);
    expect(summary.replays).toBeGreaterThan(10 * ROUNDS);
  },
  CAMPAIGN_MS,
);

it.each(['0', 'two', '1.5'])('--jobs %s is refused, with what it takes', async (jobs) => {
  const { code, text } = await play(['--jobs', jobs]);
  expect(code).toBe(64);
  expect(text).toContain('--jobs takes a whole number from 1');
});

it('the same seed draws the same, and another one something else', () => {
  const draw = (seed: string) =>
    Array.from(
      { length: 5 },
      (
        (random) => () =>
          random.next()
      )(createRandom(seed)),
    );
  expect(draw('a')).toEqual(draw('a'));
  expect(draw('a')).not.toEqual(draw('b'));
});
