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
  npm run demo -- --transcript   play the incident once and print channel and thread`;

const print = (text: string) => void process.stdout.write(`${text}\n`);

function readArguments() {
  try {
    const { values } = parseArgs({
      options: { transcript: { type: 'boolean' }, fresh: { type: 'boolean' }, port: { type: 'string' } },
    });
    return values;
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : error}\n\n${USAGE}\n`);
    process.exit(64);
  }
}

const { transcript, fresh, port } = readArguments();
const nameless = namelessUser();
if (nameless !== null) {
  process.stderr.write(`${nameless}\n`);
  process.exit(78);
}
if (transcript) {
  process.exit(await playTranscript({ print }));
} else {
  const dataDir = join(tmpdir(), `retry-batch-demo-${userInfo().username}`);
  if (fresh) await rm(dataDir, { recursive: true, force: true });
  const demo = await startDemo({ dataDir, ...(port === undefined ? {} : { port: Number(port) }) });
  // The embedded database's own handlers would pull it away under the bot.
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.removeAllListeners(signal);
    process.once(signal, () => void demo.stop().then(() => process.exit(0)));
  }
  print(`Open ${demo.slack.url}`);
}
