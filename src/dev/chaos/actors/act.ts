// What everybody who acts in a storm does: again and again, and what fails is their bad luck.
import type { Random } from '../random.ts';
import { pause, type Stage } from '../stage.ts';

export type Act = (stage: Stage, random: Random) => Promise<void>;

const PATH = '/api/ramps/executions/retry-batch';
const PATIENCE_MS = 20_000;

/** Acts until the storm is over, with pauses of between so many milliseconds before each; acts are weighted by repetition. */
export async function nowAndThen(
  stage: Stage,
  random: Random,
  [shortest, longest]: readonly [number, number],
  acts: readonly Act[],
): Promise<void> {
  while (!stage.storm.aborted) {
    await pause(stage, random.between(shortest, longest));
    await random
      .pick(acts)(stage, random)
      .catch(() => {});
  }
}

/** Calls the runbook's endpoint of one of the bots that serve; the status, or null where none does. Throws where nobody answers. */
export async function callABot(
  stage: Stage,
  random: Random,
  headers: Readonly<Record<string, string>>,
  body: object,
): Promise<number | null> {
  const serving = stage.bots.filter((bot) => bot.isServing());
  if (serving.length === 0 || stage.storm.aborted) return null;
  const response = await fetch(`http://127.0.0.1:${random.pick(serving).port}${PATH}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify(body),
    signal: AbortSignal.timeout(PATIENCE_MS),
  });
  await response.text();
  return response.status;
}
