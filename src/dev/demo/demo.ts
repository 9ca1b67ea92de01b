// npm run demo: a Slack, a database with an incident in it and the bot, on this machine alone. With --transcript
// it plays the incident once and prints it; otherwise it runs until Ctrl-C.
import { rm } from 'node:fs/promises';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { namelessUser } from '../postgres/embedded.ts';
import { startDemo } from './start.ts';
import { playTranscript } from './transcript.ts';

const USAGE = `Usage:
  npm run demo                   a Slack in the browser, with the incident; the address is printed
  npm run demo -- --port 4000    on that port
  npm run demo -- --fresh        start over with a new incident
  npm run demo -- --endpoint     an application's own endpoint makes the replays; an incident of its own
  npm run demo -- --transcript   play the incident once and print channel and thread`;

const print = (text: string) => void process.stdout.write(`${text}\n`);

function readArguments() {
  try {
    const { values } = parseArgs({
      options: {
        transcript: { type: 'boolean' },
        fresh: { type: 'boolean' },
        endpoint: { type: 'boolean' },
        port: { type: 'string' },
        help: { type: 'boolean' },
      },
    });
    return values;
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : error}\n\n${USAGE}\n`);
    process.exit(64);
  }
}

const { transcript, fresh, endpoint = false, port, help } = readArguments();
if (help) {
  print(USAGE);
  process.exit(0);
}
const nameless = namelessUser();
if (nameless !== null) {
  process.stderr.write(`${nameless}\n`);
  process.exit(78);
}
if (transcript) {
  process.exit(await playTranscript({ print, endpoint }));
} else {
  // A batch is run by the kind of bot that planned it: each kind has its own.
  const dataDir = join(tmpdir(), `retry-batch-demo-${userInfo().username}${endpoint ? '-endpoint' : ''}`);
  if (fresh) await rm(dataDir, { recursive: true, force: true });
  const demo = await startDemo({ dataDir, endpoint, ...(port === undefined ? {} : { port: Number(port) }) });
  // The embedded database's own handlers would pull it away under the bot.
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.removeAllListeners(signal);
    process.once(signal, () => void demo.stop().then(() => process.exit(0)));
  }
  print(`Open ${demo.slack.url}`);
}
