// npm run halt: the emergency brake. Within two seconds no process starts another replay or delivery. Without a word it says
// how the brake stands.
import { setBrake } from '../store/brake.ts';
import { runCommand, UsageError } from './run-command.ts';
import { runsOf, standing } from './standing.ts';

await runCommand(async ({ db, words, by, print }) => {
  const [verb, ...more] = words;
  if ((verb !== undefined && verb !== 'on' && verb !== 'off') || more.length > 0)
    throw new UsageError('halt: say on or off, or nothing to see how it stands');
  if (verb !== undefined) {
    const changed = await db.transaction((tx) => setBrake(tx, verb === 'on', { kind: 'system', name: by }));
    print(
      `The emergency brake is ${changed ? 'now' : 'already'} ${verb === 'on' ? 'on: nothing is replayed or delivered' : 'off'}.`,
    );
  }
  for (const line of await db.transaction(verb === undefined ? standing : runsOf)) print(line);
  return 0;
}, 'owner');
