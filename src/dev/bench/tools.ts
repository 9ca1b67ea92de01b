// The peers' clients: psql and pgbench, as the machine has them.
import { spawn } from 'node:child_process';
import { access, constants } from 'node:fs/promises';
import { delimiter, join } from 'node:path';

export type Tool = 'psql' | 'pgbench';

/** Which of these the PATH lacks. */
export async function missingTools(tools: readonly Tool[]): Promise<Tool[]> {
  const folders = (process.env.PATH ?? '').split(delimiter).filter((folder) => folder !== '');
  const found = await Promise.all(
    tools.map(async (tool) => {
      const here = await Promise.all(folders.map((folder) => runnable(join(folder, tool))));
      return here.includes(true);
    }),
  );
  return tools.filter((_, index) => found[index] === false);
}

/** What to tell somebody whose machine lacks them. */
export function installText(missing: readonly Tool[]): string {
  return `${missing.join(' and ')}: not on the PATH. Install the PostgreSQL programs, version 14 or newer
  Debian, Ubuntu   apt-get install postgresql-client postgresql      (pgbench is in the server's package)
  Fedora           dnf install postgresql postgresql-contrib
  macOS            brew install libpq   and put its bin folder on the PATH`;
}

async function runnable(path: string): Promise<boolean> {
  return access(path, constants.X_OK).then(
    () => true,
    () => false,
  );
}

export type Ran = { readonly stdout: string; readonly stderr: string };

/** Runs psql on a script, with its variables; stops at the first error, which is thrown. */
export function psql(url: string, script: string, variables: Readonly<Record<string, string>>): Promise<Ran> {
  const assigned = Object.entries(variables).flatMap(([name, value]) => ['-v', `${name}=${value}`]);
  const words = ['--no-psqlrc', '--quiet', '--tuples-only', '--no-align', '-v', 'ON_ERROR_STOP=1'];
  return run('psql', [...words, ...assigned, '-f', '-', url], {}, script);
}

/** Runs pgbench; a client that had to give up is an error. */
export async function pgbench(url: string, words: readonly string[]): Promise<Ran> {
  const { hostname, port, username, password, pathname } = new URL(url);
  const environment = {
    ...{ PGHOST: hostname, PGPORT: port, PGUSER: username, PGPASSWORD: password },
    PGDATABASE: pathname.slice(1),
    // The bot's own time-outs; it says them in each transaction, so that they hold behind a pooler.
    PGOPTIONS:
      '-c statement_timeout=20000 -c lock_timeout=10000 -c idle_in_transaction_session_timeout=20000',
  };
  const ran = await run('pgbench', words, environment);
  if (/aborted/.test(ran.stderr)) throw new Error(`pgbench: ${ran.stderr.trim()}`);
  return ran;
}

function run(
  tool: Tool,
  words: readonly string[],
  environment: Readonly<Record<string, string>>,
  input = '',
): Promise<Ran> {
  return new Promise((resolve, reject) => {
    const child = spawn(tool, words, { env: { PATH: process.env.PATH ?? '', ...environment } });
    const said = { stdout: '', stderr: '' };
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      said.stdout += text;
    });
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      said.stderr += text;
    });
    child.on('error', reject);
    child.on('close', (code) => {
      if (code === 0) resolve(said);
      else reject(new Error(`${tool} ended with ${code}: ${said.stderr.trim()}`));
    });
    child.stdin.end(input);
  });
}
