// The application beside a world, as its own role, and calls of it.
import { randomUUID } from 'node:crypto';
import { createApplicationRole, dropApplicationRole } from '../../src/dev/application/role.ts';
import {
  type ApplicationOptions,
  type RunningApplication,
  startApplication,
} from '../../src/dev/application/start.ts';
import { atTheEnd } from '../support/shared.ts';
import type { World } from '../support/world.ts';

/** Started and, at the file's end, stopped and its role gone. */
export async function applicationOf(
  world: World,
  options: Partial<ApplicationOptions> = {},
): Promise<RunningApplication> {
  const role = await createApplicationRole(world.url, { name: `app-${randomUUID().slice(0, 8)}` });
  atTheEnd(() => dropApplicationRole(world.url, role));
  const application = await startApplication({ databaseUrl: role.url, ...options });
  atTheEnd(() => application.stop());
  return application;
}

export type Answer = {
  readonly status: number;
  readonly json: Record<string, unknown>;
  readonly text: string;
};

/** One call; with its key and secret where no headers are given. Follows no redirect. */
export async function call(
  { endpoint, apiKey, apiSecret }: RunningApplication,
  body: object,
  headers: Record<string, string> = { authorization: apiKey, 'or-internal-api-auth-secret': apiSecret },
  signal: AbortSignal | null = null,
): Promise<Answer & { readonly headers: Headers }> {
  const answer = await fetch(endpoint, {
    ...{ method: 'POST', redirect: 'manual', signal },
    headers: { 'content-type': 'application/json', connection: 'close', ...headers },
    body: JSON.stringify(body),
  });
  const text = await answer.text();
  const json = text.startsWith('{') ? (JSON.parse(text) as Record<string, unknown>) : {};
  return { status: answer.status, headers: answer.headers, json, text };
}
