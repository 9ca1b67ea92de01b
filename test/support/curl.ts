// Runs a curl command as an operator pastes it into a shell.
import { execFile, spawnSync } from 'node:child_process';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** Whether this machine has a shell and curl; the tests must also pass where it has Node and nothing else. */
export const HAS_CURL = spawnSync('sh', ['-c', 'curl --version']).status === 0;

/** What the endpoint answers to the command. Where curl is missing, fetch sends the same and the output says so. */
export async function curl(command: string): Promise<Record<string, unknown>> {
  if (!HAS_CURL) {
    console.warn('curl is not installed: its commands are sent with fetch');
    return asFetch(command);
  }
  const { stdout } = await run('sh', ['-c', command], {
    env: { ...process.env, NO_PROXY: '*', no_proxy: '*' },
  });
  return JSON.parse(stdout) as Record<string, unknown>;
}

/** The call that a curl command of the runbook's form makes. */
export async function asFetch(command: string): Promise<Record<string, unknown>> {
  const url = /https?:\/\/\S+/.exec(command)?.[0] ?? '';
  const headers = [...command.matchAll(/-H "([^:]+): ([^"]*)"/g)].map(([, name = '', value = '']) => [
    name,
    value,
  ]);
  const cookie = /-b "([^"]*)"/.exec(command)?.[1];
  const response = await fetch(url, {
    method: 'POST',
    headers: { ...Object.fromEntries(headers), ...(cookie === undefined ? {} : { cookie }) },
    body: /-d '([^']*)'/.exec(command)?.[1] ?? '',
  });
  return (await response.json()) as Record<string, unknown>;
}
