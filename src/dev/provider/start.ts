// Starts the provider in a process of its own.
import { type ChildProcess, spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import type { Account } from './settings.ts';

export type ProviderOptions = {
  readonly people: readonly Account[];
  /** Where it is reached, if something stands before it. */
  readonly issuer?: string;
  /** Where people are sent back to; left out: `/sign-in/callback` on any port of this machine. */
  readonly callback?: string;
  /** How the client has to say its secret. */
  readonly clientAuth?: 'client_secret_post' | 'client_secret_basic';
};

export type RunningProvider = {
  /** Where it listens itself. */
  readonly url: string;
  readonly clientId: string;
  readonly clientSecret: string;
  stop(): Promise<void>;
};

const MAIN = fileURLToPath(new URL('main.ts', import.meta.url));

/** Resolves when it listens. */
export async function startProvider({
  people,
  issuer,
  callback,
  clientAuth,
}: ProviderOptions): Promise<RunningProvider> {
  const [clientId, clientSecret] = ['retry-batch', randomUUID()];
  const child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', MAIN], {
    // Its input ends with whoever started it, however that ends, and the provider with its input.
    stdio: ['pipe', 'pipe', 'pipe'],
    env: {
      ...{ PATH: process.env.PATH ?? '', NODE_COMPILE_CACHE: process.env.NODE_COMPILE_CACHE ?? '' },
      PROVIDER_PEOPLE: JSON.stringify(people),
      PROVIDER_CLIENT_ID: clientId,
      PROVIDER_CLIENT_SECRET: clientSecret,
      ...(issuer === undefined ? {} : { PROVIDER_ISSUER: issuer }),
      ...(callback === undefined ? {} : { PROVIDER_CALLBACK: callback }),
      ...(clientAuth === undefined ? {} : { PROVIDER_CLIENT_AUTH: clientAuth }),
    },
  });
  const url = await listening(child);
  return {
    ...{ url, clientId, clientSecret },
    stop: async () => {
      if (child.exitCode !== null || child.signalCode !== null) return;
      const gone = new Promise((resolve) => child.once('exit', resolve));
      child.kill('SIGTERM');
      await gone;
    },
  };
}

function listening({ stdout, stderr }: ChildProcess): Promise<string> {
  return new Promise((resolve, reject) => {
    let said = '';
    stderr?.setEncoding('utf8').on('data', (text: string) => {
      said += text;
    });
    if (stdout === null) return reject(new Error('nothing to read from'));
    createInterface(stdout).on('line', (line) => {
      if (line.startsWith('{"listening"')) resolve((JSON.parse(line) as { listening: string }).listening);
    });
    stdout.once('close', () => reject(new Error(`the provider ended: ${said}`)));
  });
}
