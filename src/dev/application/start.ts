// Starts the application in a process of its own, for demo, chaos, benchmarks and tests.
import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Call, OrderedFault } from './call.ts';
import { PATH } from './endpoint.ts';
import type { FaultOrder } from './faults.ts';
import { Journal } from './journal.ts';
import { type Exit, Supervisor } from './supervisor.ts';

export type ApplicationOptions = {
  readonly databaseUrl: string;
  /** Left out, the system gives a free one. It stays the same from start to start. */
  readonly port?: number;
  readonly apiKey?: string;
  readonly apiSecret?: string;
  readonly cap?: number;
  readonly rowMs?: number;
  readonly results?: 'none' | 'results';
  /** Start it again where it ended by itself, as a supervisor does. One that was killed stays down until `start`. */
  readonly restarts?: boolean;
};

export type RunningApplication = {
  /** Where it listens, without a path. */
  readonly url: string;
  /** The whole address of the endpoint. */
  readonly endpoint: string;
  readonly apiKey: string;
  readonly apiSecret: string;
  /** Of the process that runs now. */
  readonly pid: number;
  /** How the process that runs now, or ran last, ends. */
  readonly exited: Promise<Exit>;
  /** Orders faults for the next calls; answers their ids. */
  faults(...orders: FaultOrder[]): Promise<string[]>;
  /** Takes one order back, or all. */
  removeFault(id?: string): Promise<void>;
  /** Every call that it ever got, also in processes that are gone. */
  calls(): Call[];
  /** The orders that still wait for a call. */
  ordered(): OrderedFault[];
  kill(signal: NodeJS.Signals): void;
  /** Starts it again on the same port, where it isn't running. */
  start(): Promise<void>;
  /** SIGTERM; resolves when it is gone, and with it what it kept. */
  stop(): Promise<void>;
};

/** Resolves when it listens. */
export async function startApplication(options: ApplicationOptions): Promise<RunningApplication> {
  const { apiKey = `app-key-${randomUUID().slice(0, 8)}`, apiSecret = randomUUID() } = options;
  const folder = await mkdtemp(join(tmpdir(), 'retry-batch-application-'));
  const journal = join(folder, 'journal.jsonl');
  const supervisor = new Supervisor(options.restarts ?? false, {
    ...{ PATH: process.env.PATH ?? '', NODE_COMPILE_CACHE: process.env.NODE_COMPILE_CACHE ?? '' },
    APPLICATION_DATABASE_URL: options.databaseUrl,
    APPLICATION_PORT: String(options.port ?? 0),
    APPLICATION_API_KEY: apiKey,
    APPLICATION_API_SECRET: apiSecret,
    APPLICATION_JOURNAL: journal,
    ...(options.cap === undefined ? {} : { APPLICATION_CAP: String(options.cap) }),
    ...(options.rowMs === undefined ? {} : { APPLICATION_ROW_MS: String(options.rowMs) }),
    ...(options.results === undefined ? {} : { APPLICATION_RESULTS: options.results }),
  });
  await supervisor.start();
  const control = async (method: string, path: string, body?: unknown): Promise<unknown> => {
    const headers = { authorization: apiKey, 'or-internal-api-auth-secret': apiSecret, connection: 'close' };
    const sent = body === undefined ? {} : { body: JSON.stringify(body) };
    const answer = await fetch(`${supervisor.url}/stand-in/${path}`, { method, headers, ...sent });
    if (!answer.ok) throw new Error(`the stand-in refuses this: ${await answer.text()}`);
    return answer.json();
  };
  return {
    ...{ url: supervisor.url, endpoint: `${supervisor.url}${PATH}`, apiKey, apiSecret },
    get pid() {
      return supervisor.pid;
    },
    get exited() {
      return supervisor.exited;
    },
    faults: async (...orders) => ((await control('POST', 'faults', orders)) as { ids: string[] }).ids,
    removeFault: async (id) => {
      await control('DELETE', id === undefined ? 'faults' : `faults/${id}`);
    },
    calls: () => new Journal(journal).calls(),
    ordered: () => new Journal(journal).ordered(),
    kill: (signal) => supervisor.kill(signal),
    start: () => supervisor.start(),
    stop: async () => {
      await supervisor.stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}
