// Rounds one after the other, or several side by side: each job has a Postgres server of its own and takes the next round
// that nobody has. What a round is depends on the seed and its number alone.
import { playRound, type RoundResult } from './round.ts';
import { startServer } from './server.ts';

export type Campaign = {
  readonly seed: string;
  readonly first: number;
  readonly last: number;
  readonly jobs: number;
  /** Whether an application makes the replays. */
  readonly endpoint: boolean;
  /** True: no further round is begun; those that are going are played to their end. */
  readonly isOver: () => boolean;
  /** Hears each round as it ends, with all that have ended, in their order. */
  readonly onRound: (result: RoundResult, all: readonly RoundResult[]) => void;
};

/** Plays the rounds and resolves with their results, in their order, when every server is stopped. */
export async function playCampaign(campaign: Campaign): Promise<RoundResult[]> {
  const { seed, first, last, jobs, endpoint, isOver, onRound } = campaign;
  const results: RoundResult[] = [];
  let next = first;
  let failed = false;
  const job = async () => {
    const server = await startServer();
    try {
      while (next <= last && !isOver() && !failed) {
        const round = next;
        next += 1;
        const result = await playRound(server, seed, round, endpoint);
        results.push(result);
        results.sort((a, b) => a.round - b.round);
        onRound(result, results);
      }
    } catch (error) {
      failed = true;
      throw error;
    } finally {
      await server.stop();
    }
  };
  const ended = await Promise.allSettled(Array.from({ length: Math.min(jobs, last - first + 1) }, job));
  for (const one of ended) if (one.status === 'rejected') throw one.reason;
  return results;
}
