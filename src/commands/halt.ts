// npm run halt: the emergency brake. Within two seconds no process starts another replay or delivery.
import { isBrakeOn, setBrake } from '../store/brake.ts';
import { runCommand, UsageError } from './run-command.ts';

const USAGE_TEXT = `Usage:
  npm run halt -- on    no process starts another replay or delivery, whichever door it came through
  npm run halt -- off   everything goes on where it stood`;

await runCommand(
  USAGE_TEXT,
  async ({ db, words, by, print }) => {
    const [verb, ...more] = words;
    if ((verb !== 'on' && verb !== 'off') || more.length > 0) throw new UsageError('halt: say on or off');
    const changed = await db.transaction((tx) => setBrake(tx, verb === 'on', { kind: 'system', name: by }));
    const isOn = await isBrakeOn(db);
    print(
      `The emergency brake is ${changed ? 'now ' : 'already '}${isOn ? 'on: nothing is replayed or delivered' : 'off'}.`,
    );
    return 0;
  },
  'owner',
);
