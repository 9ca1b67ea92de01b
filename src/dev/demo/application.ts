// The application of the demo whose endpoint makes the replays: a process of its own with its own role and key, and the bot's role,
// which reads OnRamp's tables and writes none of them. Also what the page shows of it.
import { randomUUID } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import type { FaultOrder } from '../application/faults.ts';
import { type ApplicationRole, createApplicationRole, dropApplicationRole } from '../application/role.ts';
import { type RunningApplication, startApplication } from '../application/start.ts';
import { withClient } from '../postgres/with-client.ts';
import type { ApplicationPanel } from '../slack-page/outside.ts';
import type { Audience } from './figures.ts';

export type DemoApplication = {
  readonly panel: ApplicationPanel;
  /** Makes both roles in the database of `ownerUrl` and starts the process; answers what the bot is started with besides. */
  start(ownerUrl: string): Promise<Record<string, string>>;
  /** Ends the process, and takes the roles away. */
  stop(): Promise<void>;
};

/** So long the work on one execution takes, so that a run can be watched. */
const ROW_MS = 60;
/** Far beyond what a call takes here; what a crash leaves open is waited for as long. */
const TIMEOUT_SECONDS = 10;
const LOOK_EVERY_MS = 400;

type Preset = { readonly label: string; readonly see: string; readonly order: FaultOrder };

const PRESETS: Readonly<Record<string, Preset>> = {
  lost: {
    label: 'Lose the next answer',
    see: 'The next call is done, and its answer never arrives. The bot reads from the tables what became of the rows.',
    order: { kind: 'answer_lost' },
  },
  busy: {
    label: 'Answer 503 for a while',
    see: 'The next three calls are turned away, with three seconds to wait. No row counts as tried.',
    order: {
      kind: 'status',
      status: 503,
      headers: { 'Retry-After': '3' },
      body: { error: 'busy' },
      times: 3,
    },
  },
  crash: {
    label: 'Crash in the next call',
    see: `After five rows the process is gone, and is started again. The bot looks for the others for ${TIMEOUT_SECONDS} s, and sends them again later, in halves.`,
    order: { kind: 'crash', after_rows: 5 },
  },
  lie: {
    label: 'Lie in the next answer',
    see: 'Everything is done, and the answer says that nothing was. The tables count.',
    order: { kind: 'lie_nothing' },
  },
  key: {
    label: "Refuse the bot's key",
    see: 'The next call is answered 401: the run pauses itself and says what to set.',
    order: { kind: 'status', status: 401, body: { error: 'unauthenticated' } },
  },
};

/** Nothing runs yet. While somebody watches, `audience` hears of each call. */
export function createDemoApplication(audience: Audience): DemoApplication {
  let running: RunningApplication | undefined;
  const endings: (() => Promise<void>)[] = [];
  const names = new Map<string, string>();
  const waitingOf = (name: string) => running?.ordered().find(({ id }) => names.get(id) === name);
  const order = async (name: string): Promise<void> => {
    const preset = Object.hasOwn(PRESETS, name) ? PRESETS[name] : undefined;
    if (!preset || !running) throw new Error('there is no such fault to order');
    const waiting = waitingOf(name);
    if (waiting) await running.removeFault(waiting.id);
    else for (const id of await running.faults(preset.order)) names.set(id, name);
    audience.onChange();
  };
  return {
    panel: {
      calls: () => running?.calls() ?? [],
      faults: () =>
        Object.entries(PRESETS).map(([name, { label, see }]) => {
          return { name, label, see, left: waitingOf(name)?.left ?? 0 };
        }),
      order,
    },
    start: async (ownerUrl) => {
      const roles = await makeRoles(ownerUrl);
      for (const role of Object.values(roles)) endings.push(() => dropApplicationRole(ownerUrl, role));
      const started = await startApplication({
        ...{ databaseUrl: roles.application.url, rowMs: ROW_MS, restarts: true },
      });
      endings.push(() => started.stop(), watch(started, audience));
      running = started;
      return {
        DATABASE_URL: roles.bot.url,
        REPLAY_URL: started.endpoint,
        REPLAY_API_KEY: started.apiKey,
        REPLAY_API_SECRET: started.apiSecret,
        REPLAY_TIMEOUT_SECONDS: String(TIMEOUT_SECONDS),
      };
    },
    stop: async () => {
      running = undefined;
      for (let end = endings.pop(); end !== undefined; end = endings.pop()) await end();
    },
  };
}

/** Looks for new calls, and answers how to stop that. */
function watch(application: RunningApplication, { isWatched, onChange }: Audience): () => Promise<void> {
  const stopping = new AbortController();
  let seen = '';
  const look = (): void => {
    const now = JSON.stringify([application.calls(), application.ordered()]);
    if (now !== seen) onChange();
    seen = now;
  };
  const lookAgain = async (): Promise<void> => {
    while (!stopping.signal.aborted) {
      if (isWatched()) look();
      await sleep(LOOK_EVERY_MS, undefined, { signal: stopping.signal }).catch(() => {});
    }
  };
  const looking = lookAgain();
  return async () => {
    stopping.abort();
    await looking;
  };
}

/** Roles are of the whole server, and so named after the database. */
async function makeRoles(ownerUrl: string): Promise<{ application: ApplicationRole; bot: ApplicationRole }> {
  const database = new URL(ownerUrl).pathname.slice(1);
  const application = await createApplicationRole(ownerUrl, { name: `${database}_app` });
  return { application, bot: await createBotRole(ownerUrl, `${database}_bot`) };
}

async function createBotRole(ownerUrl: string, name: string): Promise<ApplicationRole> {
  const grants = await readFile(new URL('../../store/grants-endpoint.sql', import.meta.url), 'utf8');
  const role = pg.escapeIdentifier(name);
  const password = randomUUID();
  await withClient(ownerUrl, async (client) => {
    const { rowCount } = await client.query('select from pg_roles where rolname = $1', [name]);
    if (rowCount === 0) await client.query(`create role ${role}`);
    await client.query(`alter role ${role} login password ${pg.escapeLiteral(password)}`);
    await client.query(grants.replaceAll(':"role"', role));
  });
  const url = new URL(ownerUrl);
  [url.username, url.password] = [encodeURIComponent(name), password];
  return { name, url: url.href };
}
