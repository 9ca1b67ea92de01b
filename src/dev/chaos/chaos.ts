// npm run chaos: plays the campaign in a session of its own. Ctrl-C goes to everything that belongs to a terminal's
// session, and Postgres and the bots are not to hear it: the rounds that are going are played to their end.
import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const PLAY = fileURLToPath(new URL('./play.ts', import.meta.url));

const playing = spawn(process.execPath, [...process.execArgv, PLAY, ...process.argv.slice(2)], {
  detached: true,
  // Through the channel it hears that this process is gone, however that ended.
  stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
});
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => playing.kill('SIGTERM'));
playing.on('exit', (code) => process.exit(code ?? 1));
