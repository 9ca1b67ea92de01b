// What the walk through the runbook over HTTP stands on: one world, one bot, one admin's cookie.
import { type Answered, call } from '../support/app.ts';
import { sharedCaller } from '../support/caller.ts';
import type { Ramp } from '../support/world.ts';

export type Row = Record<string, unknown>;
export type Body = Row & { eligible: Row[]; skipped: Row[]; results: Row[]; summary: Record<string, number> };

export const SINCE = '2026-05-11T12:30:00Z';

export const { world, app, admin } = sharedCaller({ REPLAY_CONCURRENCY: '1' });

/** The body of an answer that must be 200. */
export function bodyOf({ status, body }: Answered): Body {
  expect(status).toBe(200);
  return body as Body;
}

/** What the endpoint answers to a request that says nothing about dry_run. */
export async function preview(request: object): Promise<Body> {
  return bodyOf(await call(app, admin, request));
}

export async function execute(request: object, suppress_notifications = true): Promise<Body> {
  return bodyOf(await call(app, admin, { suppress_notifications, dry_run: false, ...request }));
}

/** The fields that a refused request is told are wrong. */
export async function mistakesOf(request: object): Promise<string[]> {
  const { status, body } = await call(app, admin, request);
  expect(status).toBe(400);
  return (body.issues as { path: string }[]).map((issue) => issue.path);
}

/** A request for one workflow since the incident began. */
export const of = (ramp: Ramp, more = {}) => ({ since: SINCE, ramp_uuids: [ramp.uuid], ...more });

export const uuids = (rows: readonly Row[]) => rows.map((row) => row.execution_uuid);

export async function count(from: string, values: unknown[] = []): Promise<number> {
  return (await world.one<{ n: number }>(`select count(*) as n from ${from}`, values)).n;
}
