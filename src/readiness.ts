// Whether the process can do its part, as /readyz says it. Database and queue decide; Slack and the endpoint being away is
// said, and keeps nobody from deciding.
import type { Replayer } from './engine/ports.ts';
import type { Readiness } from './http/server.ts';
import { type Database, isWritable } from './postgres/database.ts';
import type { Queue } from './queue/boss.ts';
import type { SlackDoor } from './slack/slack.ts';
import { isBrakeOn } from './store/brake.ts';

/** Looks at database and queue. Never throws: what can't be reached is said. */
export async function readiness(health: Database, queue: Queue): Promise<Readiness> {
  try {
    const writable = await isWritable(health);
    const braked = await isBrakeOn(health);
    const queued = await queue.ready();
    const checks = {
      database: writable ? 'ok' : 'read only',
      queue: queued ? 'ok' : 'missing',
      brake: braked ? 'on' : 'off',
    };
    return { ready: writable && queued, checks };
  } catch {
    return { ready: false, checks: { database: 'unreachable', queue: 'unknown', brake: 'unknown' } };
  }
}

/** With what Slack and an endpoint last showed. Never throws. */
export function withOthers({ ready, checks }: Readiness, slack: SlackDoor, replayer: Replayer): Readiness {
  const endpoint = replayer.kind === 'endpoint' ? { endpoint: replayer.status() } : {};
  return { ready, checks: { ...checks, slack: slack.status(), ...endpoint } };
}
