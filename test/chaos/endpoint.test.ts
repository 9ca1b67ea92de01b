// A few rounds in which an application makes the replays, on its own bad days, beside every other fault: what
// `npm run chaos -- --endpoint` runs by the dozen.
import { WHOLE } from '../support/cases.ts';
import { CAMPAIGN_MS, playRounds } from './play.ts';

const ROUNDS = WHOLE ? 5 : 2;
const SEED = 'npm test';

it(
  `nothing is lost, replayed twice or stuck in ${ROUNDS} rounds of chaos with an application`,
  async () => {
    const summary = await playRounds(ROUNDS, SEED, '--endpoint');
    expect(summary).toMatchObject({ seed: SEED, replays_by: 'endpoint', rounds: ROUNDS, violations: [] });
    const ofTheApplication = Object.keys(summary.faults).filter((kind) => kind.startsWith('application: '));
    expect(ofTheApplication.length).toBeGreaterThan(1);
    expect(summary.replays).toBeGreaterThan(10 * ROUNDS);
  },
  CAMPAIGN_MS,
);
