// Lets a fault strike one request on its way through.
import type { Core } from '../core.ts';
import type { Fault } from '../faults.ts';
import { cut, type Exchange, sendJson, sendText } from './exchange.ts';

export interface Answered {
  readonly status: number;
  readonly answer: unknown;
  readonly headers?: Record<string, string>;
}

/** What the log keeps of it: no status where the connection was cut. */
export interface Logged {
  readonly status?: number;
  readonly answer?: unknown;
}

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

/** The body and header of Slack's answer to too many calls. */
export const tooMany = (seconds: number): Answered => ({
  status: 429,
  answer: { ok: false, error: 'ratelimited' },
  headers: { 'retry-after': String(seconds) },
});

const HTML = '<!DOCTYPE html><html><body><h1>Slack is having trouble</h1></body></html>';

/** Runs the request's effect and sends its answer, unless and until the fault has its way. */
export async function respond(
  core: Core,
  exchange: Exchange,
  fault: Fault | undefined,
  effect: () => Answered,
): Promise<Logged> {
  const send = ({ status, answer, headers }: Answered): Logged => {
    if (typeof answer === 'string') sendText(exchange, status, answer);
    else sendJson(exchange, status, answer, headers);
    return { status, answer };
  };
  switch (fault?.kind) {
    case undefined:
    case 'duplicate':
      return send(effect());
    case 'down':
      cut(exchange);
      return {};
    case '429':
      return send(tooMany(fault.retryAfter ?? 1));
    case 'error':
      return send({ status: 200, answer: { ok: false, error: fault.error ?? 'internal_error' } });
    case 'html':
      sendText(exchange, fault.status ?? 200, fault.body ?? HTML, 'text/html; charset=utf-8');
      return { status: fault.status ?? 200, answer: 'html' };
    case 'lost_answer': {
      const { answer } = effect();
      cut(exchange);
      return { answer };
    }
    case 'hang':
      await core.faults.cleared(fault);
      cut(exchange);
      return {};
    case 'delay':
      await pause(fault.delayMs ?? 0);
      return send(effect());
  }
}
