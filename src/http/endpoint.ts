// POST /api/ramps/executions/retry-batch: the runbook's endpoint. The same request and the same engine as Slack;
// one call plans and, unless it is a dry run, replays one chunk.

import type { IncomingMessage } from 'node:http';
import type { CallRefusal } from '../domain/call-refusal.ts';
import type { Actor } from '../domain/person.ts';
import type { Batch } from '../domain/plan.ts';
import { isGiven, parseRequest, type RequestIssue, type RetryRequest } from '../domain/request.ts';
import type { Planned, Previewed } from '../engine/plan/ask.ts';
import { type PlanOptions, preview } from '../engine/plan/preview.ts';
import type { EnginePorts } from '../engine/ports.ts';
import { record } from '../engine/record.ts';
import type { Replay } from '../engine/replay/replay-one.ts';
import { type ExecuteOptions, executeChunk } from '../engine/run/execute.ts';
import { askNow } from '../engine/sentry/ask-sentry.ts';
import { InfrastructureTrouble } from '../postgres/errors.ts';
import { isBrakeOn } from '../store/brake.ts';
import type { Repeat } from '../text/json-repeats.ts';
import { answerFor } from './answer.ts';
import { readJson } from './body.ts';
import { type Credentials, identify } from './credentials.ts';
import type { Answer } from './respond.ts';
import type { Slowdown } from './slowdown.ts';

export const ENDPOINT_PATH = '/api/ramps/executions/retry-batch';

export type EndpointOptions = {
  readonly ports: EnginePorts;
  readonly credentials: Credentials;
  readonly plan: PlanOptions;
  readonly execute: ExecuteOptions;
  readonly slowdown: Slowdown;
  readonly publicOrigin: string | undefined;
  /** Nobody executes alone: a session only plans. A key is a program, and whoever gave it out has decided. */
  readonly requireSecondPerson: boolean;
  readonly onUnauthenticated: () => void;
};

/** Answers one call. Checked in the contract's order: 405, 401, 403, 415, 413, 400. `from` is the caller's address. */
export async function answerCall(
  options: EndpointOptions,
  request: IncomingMessage,
  from: string,
): Promise<Answer> {
  if (request.method !== 'POST') {
    return { status: 405, body: { error: 'method_not_allowed' }, headers: { allow: 'POST' } };
  }
  try {
    return await answerPost(options, request, from);
  } catch (error) {
    if (error instanceof InfrastructureTrouble)
      return unavailable('nothing was changed by this call; try again');
    throw error;
  }
}

async function answerPost(options: EndpointOptions, request: IncomingMessage, from: string): Promise<Answer> {
  const { ports, credentials, publicOrigin, slowdown } = options;
  // Read while the caller is looked up: one who hangs up after the last byte has called, and what arrived would be lost.
  const arriving = readJson(request);
  const caller = await identify(ports.db.autocommit, credentials, request, from, publicOrigin);
  if (caller.kind === 'unauthenticated') {
    options.onUnauthenticated();
    const wait = slowdown.failed(from);
    if (wait === null) request.destroy();
    else await ports.clock.sleep(wait).then(() => slowdown.waited(from));
    return { status: 401, body: { error: 'unauthenticated' } };
  }
  if (caller.kind === 'several') {
    for (const actor of caller.actors) await refuse(ports, actor, 'several_people', SEVERAL_PEOPLE);
    return SEVERAL_PEOPLE;
  }
  if (caller.kind === 'forbidden') {
    return refuse(ports, caller.actor, caller.because, { status: 403, body: { error: 'forbidden' } });
  }
  const body = await arriving;
  if (body.kind === 'unsupported_type' || body.kind === 'unsupported_encoding') {
    const message =
      body.kind === 'unsupported_type'
        ? 'send application/json'
        : 'send the body as it is, without Content-Encoding: compressed ones are not read';
    return refuse(ports, caller.actor, '415', {
      status: 415,
      body: { error: 'unsupported_media_type', message },
    });
  }
  if (body.kind === 'too_large') {
    return refuse(ports, caller.actor, '413', { status: 413, body: { error: 'too_large' } });
  }
  const parsed =
    body.kind === 'json'
      ? parseRequest(body.value)
      : ({ kind: 'mistakes', issues: [{ path: '', message: body.message }] } as const);
  const repeated = body.kind === 'json' ? body.repeats.map(asIssue) : [];
  if (parsed.kind === 'mistakes' || repeated.length > 0) {
    const issues = parsed.kind === 'mistakes' ? [...repeated, ...parsed.issues] : repeated;
    return refuse(ports, caller.actor, 'invalid_request', invalid(issues));
  }
  const silent = body.kind === 'json' && !isGiven(body.value, 'suppress_notifications');
  return perform(options, parsed.request, caller.actor, silent);
}

async function perform(
  options: EndpointOptions,
  request: RetryRequest,
  by: Actor,
  inheritsNotifications: boolean,
): Promise<Answer> {
  const { ports, plan, execute } = options;
  if (!request.dry_run && options.requireSecondPerson && by.kind === 'session') {
    return refuse(ports, by, 'second_person_required', SECOND_PERSON);
  }
  if (!request.dry_run && (await isBrakeOn(ports.db.autocommit))) {
    return refuse(
      ports,
      by,
      'brake_on',
      unavailable('the emergency brake is on; nothing was changed by this call'),
    );
  }
  const door = { kind: 'http', worker: execute.worker } as const;
  const ask = { request, by, door, inheritsNotifications };
  const previewed = await preview(ports, plan, ask);
  if (isTaken(previewed)) return refuse(ports, by, 'busy', BUSY);
  if (previewed.kind !== 'planned') return refuse(ports, by, previewed.kind, invalid(issuesOf(previewed)));
  const { batch } = previewed;
  if (request.dry_run) return answered(options, { ...previewed, batch: await askNow(ports, batch) });
  const executed = await executeChunk(ports, execute, batch);
  if (executed.kind === 'interrupted') return interrupted(batch, executed.replays);
  try {
    return await answered(options, previewed);
  } catch (error) {
    // The replays are committed; only reading them back failed. "Nothing was changed" would be a lie.
    if (error instanceof InfrastructureTrouble) return interrupted(batch, executed.replays);
    throw error;
  }
}

async function answered({ ports, execute }: EndpointOptions, planned: Planned): Promise<Answer> {
  return { status: 200, body: await answerFor(ports, planned, execute.chunkSize) };
}

/** A refused call of somebody valid is in the audit trail: who, from where, why. */
async function refuse(
  ports: EnginePorts,
  actor: Actor,
  because: CallRefusal,
  answer: Answer,
): Promise<Answer> {
  await record(ports, ports.db.autocommit, {
    batchId: null,
    action: 'refused',
    actor,
    evidence: { because, door: 'http', status: answer.status },
  });
  return answer;
}

/** Which of the two was meant is the caller's to say, also where both say the same. */
function asIssue({ path, name, times }: Repeat): RequestIssue {
  const often = times === 2 ? 'twice' : `${times} times`;
  return {
    path,
    message:
      path === name
        ? `is given ${often}; give it once`
        : `has "${name.slice(0, 60)}" ${often} in it; give it once`,
  };
}

function invalid(issues: readonly RequestIssue[]): Answer {
  return { status: 400, body: { error: 'invalid_request', issues } };
}

/** As many plans as a process makes at a time took as long as one may take. */
const BUSY: Answer = {
  status: 503,
  body: {
    error: 'busy',
    message: 'other calls and dry runs are being planned; nothing was changed by this call, try it again',
  },
  headers: { 'retry-after': '10' },
};

const SEVERAL_PEOPLE: Answer = {
  status: 401,
  body: {
    error: 'unauthenticated',
    message:
      'the call has live sessions of several people, and nobody is taken for one of them: send one cookie named session; in a browser, sign out of the others or delete their cookies',
  },
};

const SECOND_PERSON: Answer = {
  status: 403,
  body: {
    error: 'second_person_required',
    message:
      'executing takes a second person here: ask for the dry run in Slack with /retry-batch and have another admin approve it, or call with an internal API key; a dry run with this session is fine',
  },
};

/** Over HTTP only a process that plans as much as it may is. */
function isTaken(
  previewed: Previewed,
): previewed is Extract<Previewed, { kind: 'busy' | 'asked_already' | 'reading_used' }> {
  return ['busy', 'asked_already', 'reading_used'].includes(previewed.kind);
}

function issuesOf(
  previewed: Exclude<Previewed, { kind: 'planned' | 'busy' | 'asked_already' | 'reading_used' }>,
): readonly RequestIssue[] {
  const narrow = 'narrow it with since and until, vendor_ids or ramp_uuids';
  switch (previewed.kind) {
    case 'mistakes':
      return previewed.issues;
    case 'too_many':
      return [{ path: '', message: `matches more than ${previewed.maxRows} executions; ${narrow}` }];
    case 'too_slow':
      return [{ path: '', message: `planning took longer than ${previewed.timeoutSeconds} s; ${narrow}` }];
    case 'over_quota':
      return [{ path: '', message: `the plans that wait have too many rows already; ${narrow}` }];
  }
}

function unavailable(message: string): Answer {
  return { status: 503, body: { error: 'unavailable', message } };
}

function interrupted(batch: Batch, replays: readonly Replay[]): Answer {
  const count = (outcome: string) =>
    replays.filter((replay) => (replay.kind === 'done' ? replay.outcome : replay.kind) === outcome).length;
  const done = {
    success: count('success'),
    error: count('error'),
    skipped: count('skipped') + count('locked'),
  };
  const message =
    'the database went away in the middle; what is counted here is committed, and a row in hand at that moment may be, too; call again for the rest: nothing is done twice';
  return { status: 503, body: { error: 'unavailable', message, batch_id: batch.id, done } };
}
