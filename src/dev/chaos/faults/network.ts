// The network between a bot and Postgres: cut, or silent.
import type { Random } from '../random.ts';
import { pause, type Stage } from '../stage.ts';

/** Resets some of a bot's connections. */
export async function cutConnections(stage: Stage, random: Random): Promise<void> {
  const cut = random.pick(stage.bots).proxy.cut(random.pick([0.3, 0.6, 1]));
  stage.struck.add('connection cut', cut);
}

/** Nothing comes through for a while; then it all does, or the connections are reset. */
export async function hangConnections(stage: Stage, random: Random): Promise<void> {
  const { proxy } = random.pick(stage.bots);
  stage.struck.add('connection hung', proxy.hang(random.pick([0.3, 0.6, 1]), random.chance(0.5)));
  await pause(stage, random.between(500, 5000));
  proxy.heal(random.pick(['flow', 'cut'] as const));
}

/** The connections stay open and silent for good: only the bot's own time-outs find out. */
export async function hangForever(stage: Stage, random: Random): Promise<void> {
  stage.struck.add('connection swallowed', random.pick(stage.bots).proxy.swallow(random.pick([0.3, 0.6, 1])));
}
