// How the emergency brake stands, in a sentence or two.
import type { BrakeStanding } from '../../store/brake.ts';
import { counted, moment } from './figures.ts';
import { SAID, type Voice } from './voice.ts';

/** Whether it is on, since when and by whom. Who pulled it is data. */
export function brakeLine({ isOn, changed }: BrakeStanding, voice: Voice): string {
  if (!isOn) return `🟢 ${voice.strong('The emergency brake is off')}.`;
  const since =
    changed === null ? '' : ` since ${moment(changed.at)}, pulled by ${voice.quote(changed.by, 60)}`;
  return `🛑 ${voice.strong('The emergency brake is on')}${since}: nothing is replayed or delivered.`;
}

/** The answer to `halt`: how it stands, what it holds, and how to change that. */
export function haltText(standing: BrakeStanding, was: 'pulled' | 'on before' | 'asked'): string {
  const many = standing.runs.length;
  const runs = many === 0 ? 'no run' : counted(many, 'run');
  if (!standing.isOn)
    return `${brakeLine(standing, SAID)} Under way: ${runs}. \`/retry-batch halt on\` pulls it, for admins.`;
  const head =
    was === 'pulled'
      ? '🛑 The emergency brake is on now: nothing is replayed or delivered, whichever door it came through.'
      : brakeLine(standing, SAID);
  return `${head} It holds ${runs}. ${RELEASE}`;
}

/** For whoever said something else than on or off. */
export const SAY_ON = 'Say `/retry-batch halt on` and nothing else, or nothing to see how it stands.';

/** What releases it: nothing in Slack does. */
export const RELEASE = 'Slack can only pull it: whoever runs the bot releases it with `npm run halt -- off`.';
