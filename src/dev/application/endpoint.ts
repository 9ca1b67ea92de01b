// POST /api/ramps/executions/retry-batch: who calls, with what, and the answer.
import type { IncomingMessage, ServerResponse } from 'node:http';
import type pg from 'pg';
import { isAllowed } from './access.ts';
import type { Journal } from './journal.ts';
import { reply } from './misbehave.ts';
import { deliver, html, json, type Reply } from './reply.ts';
import { parseJson, readRequest } from './request.ts';
import type { Settings } from './settings.ts';

export const PATH = '/api/ramps/executions/retry-batch';

const MAX_BODY_BYTES = 256 * 1024;

export type Application = {
  readonly db: pg.Pool;
  readonly settings: Settings;
  readonly journal: Journal;
  /** Where it listens. */
  readonly url: () => string;
};

/** Takes one call. Whether its caller stays on the line does not matter to the work. */
export async function serveEndpoint(
  application: Application,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const body = await readBody(request);
  const { method = '', url = '' } = request;
  const call = application.journal.begin({ method, url, body: body && (parseJson(body) ?? body) });
  const answer = await answerCall(application, request, { call, body }).catch((error: unknown) => {
    process.stderr.write(`${error instanceof Error ? error.stack : String(error)}\n`);
    return html(500, '<!doctype html><title>500</title><h1>We are sorry, but something went wrong.</h1>');
  });
  const hungUp = request.socket.destroyed;
  application.journal.answered(call, await deliver(answer, response), hungUp);
}

async function answerCall(
  { db, settings, journal, url }: Application,
  { method, headers }: IncomingMessage,
  { call, body }: { readonly call: string; readonly body: string | undefined },
): Promise<Reply> {
  if (method !== 'POST') return json(405, { error: 'method_not_allowed' }, { allow: 'POST' });
  if (!isAllowed(headers, settings)) return json(401, { error: 'unauthenticated' });
  if (!/^application\/json *(;|$)/i.test(headers['content-type'] ?? '')) {
    return json(415, { error: 'unsupported_media_type' });
  }
  if (body === undefined) return json(413, { error: 'payload_too_large' });
  const read = readRequest(body);
  if (read.kind === 'issues') return json(400, { error: 'invalid_request', issues: read.issues });
  return reply({
    ...{ db, settings, request: read.request },
    strikes: journal.strike(call, read.request),
    url: `${url()}${PATH}`,
    onReplayed: ({ execution: { execution_uuid }, outcome }) =>
      journal.committed(call, { execution_uuid, outcome: outcome.kind }),
  });
}

/** Undefined where it is too large. */
export async function readBody(request: IncomingMessage): Promise<string | undefined> {
  const parts: Buffer[] = [];
  let size = 0;
  for await (const part of request as AsyncIterable<Buffer>) {
    size += part.length;
    if (size <= MAX_BODY_BYTES) parts.push(part);
  }
  return size > MAX_BODY_BYTES ? undefined : Buffer.concat(parts).toString('utf8');
}
