// Calls of the endpoint that fetch would not make: whatever header or method, a body in chunks or cut off.
import { type IncomingHttpHeaders, type RequestOptions, request } from 'node:http';
import type { Answered, RunningApp } from './app.ts';

export const ENDPOINT = '/api/ramps/executions/retry-batch';

export type Call = {
  readonly method?: string;
  readonly path?: string;
  /** Undefined takes a header away, `content-type` of JSON included. */
  readonly headers?: Readonly<Record<string, string | readonly string[] | undefined>>;
  readonly body?: string | Buffer;
  /** Send the body in pieces of 16 KiB, without saying how long it is. */
  readonly chunked?: boolean;
};

export type Response = Answered & { readonly headers: IncomingHttpHeaders; readonly text: string };

/** Makes one call on a connection of its own and reads the whole answer. */
export async function send(app: RunningApp, call: Call): Promise<Response> {
  const { url, options, body } = prepare(app, call);
  return new Promise((resolve, reject) => {
    const outgoing = request(url, options, (incoming) => {
      const parts: Buffer[] = [];
      incoming.on('data', (part: Buffer) => parts.push(part));
      incoming.on('error', reject);
      incoming.on('end', () => {
        const text = Buffer.concat(parts).toString();
        const parsed = text === '' ? {} : (JSON.parse(text) as Record<string, unknown>);
        resolve({ status: incoming.statusCode ?? 0, headers: incoming.headers, text, body: parsed });
      });
    });
    outgoing.on('error', reject);
    if (call.chunked)
      for (let at = 0; at < body.length; at += 16384) outgoing.write(body.subarray(at, at + 16384));
    else outgoing.write(body);
    outgoing.end();
  });
}

/** Sends a call, or its begin, and answers how to hang up; nobody waits for the answer. */
export async function sendAndLeave(
  app: RunningApp,
  call: Call,
  how: 'whole' | 'unfinished' = 'whole',
): Promise<() => void> {
  const { url, options, body } = prepare(app, call);
  const outgoing = request(url, options);
  outgoing.on('error', () => {});
  await new Promise<void>((resolve) => {
    if (how === 'whole') outgoing.end(body, resolve);
    else outgoing.write(body, () => resolve());
  });
  return () => outgoing.destroy();
}

function prepare(app: RunningApp, call: Call): { url: string; options: RequestOptions; body: Buffer } {
  const body = Buffer.from(call.body ?? '');
  const length = call.chunked ? undefined : String(body.length);
  const given = { 'content-type': 'application/json', 'content-length': length, ...call.headers };
  const headers = Object.entries(given).flatMap(([name, value]) =>
    (Array.isArray(value) ? value : value === undefined ? [] : [value]).map((one) => [name, one]),
  );
  const combined: Record<string, string | string[]> = {};
  for (const [name, value] of headers as [string, string][]) {
    const before = combined[name];
    combined[name] = before === undefined ? value : [before, value].flat();
  }
  return {
    url: `${app.url}${call.path ?? ENDPOINT}`,
    options: { method: call.method ?? 'POST', headers: combined, agent: false },
    body,
  };
}
