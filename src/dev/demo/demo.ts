// npm run demo: a Slack, a database with an incident in it and the bot, on this machine alone. With --transcript
// it plays the incident once and prints it; otherwise it runs until Ctrl-C.
import { rm } from 'node:fs/promises';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { misuse } from '../../command-line.ts';
import { namelessUser } from '../postgres/embedded.ts';
import { claimFolder, leftBehind, portTrouble } from './one-demo.ts';
import { startDemo } from './start.ts';
import { playTranscript } from './transcript.ts';

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
    return misuse(`demo: ${error instanceof Error ? error.message : error}`);
  }
}

/** Ends the process with a sentence that says what to do. */
function leave(code: number, why: string): never {
  process.stderr.write(`${why}\n`);
  process.exit(code);
}

/** The number behind --port; undefined where there is none. */
function readPort(word: string | undefined): number | undefined {
  if (word === undefined) return undefined;
  const port = /^\d{1,5}$/.test(word) ? Number(word) : 0;
  if (port < 1 || port > 65_535) return misuse('demo: --port takes a number from 1 to 65535');
  return port;
}

const { transcript, fresh, endpoint = false, port: word } = readArguments();
const port = readPort(word);
const nameless = namelessUser();
if (nameless !== null) leave(78, nameless);
if (transcript) {
  process.exit(await playTranscript({ print, endpoint }));
} else {
  // A batch is run by the kind of bot that planned it: each kind has its own.
  const dataDir = join(tmpdir(), `retry-batch-demo-${userInfo().username}${endpoint ? '-endpoint' : ''}`);
  const claim = await claimFolder(dataDir);
  if (claim.kind === 'taken')
    leave(
      1,
      `The demo runs already: ${claim.url === '' ? 'it is starting' : `open ${claim.url}`}. To start it anew, end that one first (Ctrl-C in its terminal).`,
    );
  const trouble = port === undefined ? null : await portTrouble(port);
  if (trouble !== null) leave(1, trouble);
  if (fresh) await rm(dataDir, { recursive: true, force: true });
  const demo = await startDemo({
    dataDir,
    endpoint,
    signIn: true,
    ...(port === undefined ? {} : { port }),
  }).catch((error: unknown) =>
    leave(1, leftBehind(error) ?? String(error instanceof Error ? error.stack : error)),
  );
  claim.tell(demo.slack.url);
  // The embedded database's own handlers would pull it away under the bot.
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.removeAllListeners(signal);
    process.once(signal, () => void demo.stop().then(() => process.exit(0)));
  }
  print(`Open ${demo.slack.url}`);
  print(`
The commands work on its database too, from another terminal:
  export DATABASE_URL=${demo.databaseUrl}
  npm run batches -- list`);
}
