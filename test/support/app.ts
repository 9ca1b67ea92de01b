// A real process's worth of bot inside the test: real engine, queue and HTTP server on a free port.
import { type App, createApp } from '../../src/app.ts';
import { parseConfig } from '../../src/config.ts';
import { createLog } from '../../src/log.ts';
import { atTheEnd, once } from './shared.ts';
import type { World } from './world.ts';

export type RunningApp = App & { readonly url: string };

/**
 * Starts the bot on the world's database; `environment` is what an operator would set besides. It is stopped at the
 * file's end at the latest.
 */
export async function startApp(world: World, environment: Record<string, string> = {}): Promise<RunningApp> {
  const parsed = parseConfig({
    DATABASE_URL: world.url,
    SLACK_BOT_TOKEN: 'xoxb-test',
    // Nobody listens there: a test that needs Slack names its own.
    SLACK_API_URL: 'http://127.0.0.1:9/api/',
    SLACK_SIGNING_SECRET: 'signing-secret-of-the-tests',
    PORT: '0',
    HOST: '127.0.0.1',
    LOG_LEVEL: 'silent',
    ...environment,
  });
  if (parsed.kind === 'mistakes') throw new Error(parsed.message);
  const app = createApp({
    config: parsed.config,
    log: createLog(parsed.config.LOG_LEVEL),
    onInvalidToken: () => {},
  });
  const stop = once(() => app.stop());
  atTheEnd(stop);
  const port = await app.start();
  return { ...app, stop, url: `http://127.0.0.1:${port}` };
}

export type Answered = {
  readonly status: number;
  // The endpoint's answer as a caller sees it: JSON, unchecked.
  readonly body: Record<string, unknown>;
};

/** One call of the runbook's endpoint. */
export async function call(
  app: Pick<RunningApp, 'url'>,
  credential: Record<string, string> | string,
  body: unknown,
): Promise<Answered> {
  const response = await fetch(`${app.url}/api/ramps/executions/retry-batch`, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      ...(typeof credential === 'string' ? { cookie: credential } : credential),
    },
    body: typeof body === 'string' ? body : JSON.stringify(body),
  });
  return { status: response.status, body: (await response.json()) as Record<string, unknown> };
}
