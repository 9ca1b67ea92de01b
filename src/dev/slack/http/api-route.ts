// POST /api/<method>: the Web API over HTTP, with its faults, limits and log.
import type { Core } from '../core.ts';
import { argumentsOf, parseBody } from '../web-api/arguments.ts';
import { type Answer, answer } from '../web-api/dispatch.ts';
import { Refusal } from '../web-api/refusal.ts';
import { bodyOf, type Exchange } from './exchange.ts';
import { type Answered, respond, tooMany } from './faulted.ts';

/** Arguments as a person would read them: JSON in a string is shown as JSON. */
function readable(raw: Record<string, unknown>): Record<string, unknown> {
  const shown = (value: unknown): unknown => {
    if (typeof value !== 'string' || !/^[[{]/.test(value)) return value;
    try {
      return JSON.parse(value) as unknown;
    } catch {
      return value;
    }
  };
  return Object.fromEntries(Object.entries(raw).map(([key, value]) => [key, shown(value)]));
}

function scopeHeaders(core: Core): Record<string, string> {
  return { 'x-oauth-scopes': core.world.app.scopes.join(','), 'x-slack-req-id': core.world.newId('') };
}

/** Answers one Web API call. */
export async function serveApi(core: Core, exchange: Exchange, method: string): Promise<void> {
  const { request } = exchange;
  const body = await bodyOf(exchange);
  let raw: Record<string, unknown> = {};
  let unreadable: Answer | undefined;
  try {
    const query = Object.fromEntries(exchange.url.searchParams);
    raw = { ...query, ...parseBody(String(request.headers['content-type'] ?? ''), body) };
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    unreadable = { ok: false, error: error.code };
  }
  const bearer = /^Bearer (.+)$/i.exec(request.headers.authorization ?? '')?.[1];
  const token = bearer ?? argumentsOf(raw).text('token');
  const channel = argumentsOf(raw).text('channel') ?? argumentsOf(raw).text('channel_id');
  const fault = core.faults.strike(method, channel);
  const started = performance.now();
  const line = core.traffic.begin({
    kind: 'api',
    method,
    args: readable(raw),
    ...(fault ? { fault: fault.kind } : {}),
  });
  const logged = await respond(core, exchange, fault, (): Answered => {
    const wait = core.limiter.check(method, channel);
    if (wait !== undefined) return tooMany(wait);
    const result = unreadable ?? answer(core, method, token, raw);
    return { status: 200, answer: result, headers: scopeHeaders(core) };
  });
  line.finish({ ...logged, durationMs: Math.round(performance.now() - started) });
}
