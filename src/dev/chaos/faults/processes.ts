// The bots' processes: killed, frozen, replaced.
import { setTimeout as sleep } from 'node:timers/promises';
import type { Random } from '../random.ts';
import { pause, type Stage } from '../stage.ts';

/** SIGKILL, and a new start some time later. */
export async function killBot(stage: Stage, random: Random): Promise<void> {
  const bot = random.pick(stage.bots);
  if (bot.isEnding()) return;
  if (await bot.kill()) stage.struck.add('process killed (SIGKILL)');
  await pause(stage, random.between(0, 3000));
  if (!bot.isRunning() && !stage.storm.aborted) bot.start();
}

/** SIGSTOP until the others have taken its place, or shorter; then it wakes up and believes that no time has passed. */
export async function freezeBot(stage: Stage, random: Random): Promise<void> {
  const bot = random.pick(stage.bots);
  if (!bot.isServing()) return;
  if (await bot.freeze()) stage.struck.add('process frozen (SIGSTOP)');
  await pause(stage, random.between(300, 7000));
  bot.thaw();
}

/** SIGTERM to one process after the other, each replaced by a new one. */
export async function deploy(stage: Stage, random: Random): Promise<void> {
  for (const bot of stage.bots) {
    if (stage.storm.aborted) return;
    if (!bot.isServing()) continue;
    const code = await bot.terminate();
    stage.struck.add('process replaced (SIGTERM)');
    if (code !== 0) {
      stage.seen.push(
        `${bot.name} answered SIGTERM with ${code ?? 'silence'}: ${bot.log.slice(-4).join(' | ')}`,
      );
    }
    if (!stage.storm.aborted) bot.start();
    await sleep(random.between(0, 500));
  }
}
