// How an answer goes out: whole, or not at all, or half, or without an end.
import type { ServerResponse } from 'node:http';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { Answered } from './call.ts';

export type Whole = {
  readonly kind: 'whole';
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
};

export type Reply =
  | Whole
  /** The connection is cut; with a `begun` answer half of it is sent before. */
  | { readonly kind: 'cut'; readonly begun?: Whole | undefined }
  | { readonly kind: 'huge'; readonly megabytes: number };

/** JSON with this status. */
export function json(status: number, value: unknown, headers: Record<string, string> = {}): Whole {
  const type = { 'content-type': 'application/json; charset=utf-8' };
  return { kind: 'whole', status, headers: { ...type, ...headers }, body: JSON.stringify(value) };
}

/** A page, as a framework or a proxy shows one to people. */
export function html(status: number, body: string, headers: Record<string, string> = {}): Whole {
  return { kind: 'whole', status, headers: { 'content-type': 'text/html; charset=utf-8', ...headers }, body };
}

/** Sends it and resolves with what went out. */
export async function deliver(reply: Reply, response: ServerResponse): Promise<Answered> {
  switch (reply.kind) {
    case 'whole':
      response.writeHead(reply.status, { ...reply.headers, 'content-length': Buffer.byteLength(reply.body) });
      response.end(reply.body);
      return { kind: 'sent', status: reply.status, body: readable(reply.body) };
    case 'cut':
      if (reply.begun) await sendHalf(reply.begun, response);
      response.socket?.destroy();
      return { kind: 'cut', status: reply.begun?.status ?? null };
    case 'huge':
      return { kind: 'sent', status: 200, body: { megabytes: await stream(reply.megabytes, response) } };
  }
}

async function sendHalf({ status, headers, body }: Whole, response: ServerResponse): Promise<void> {
  const bytes = Buffer.from(body);
  response.writeHead(status, { ...headers, 'content-length': bytes.length });
  await new Promise<void>((resolve) => {
    response.once('close', resolve);
    response.write(bytes.subarray(0, Math.ceil(bytes.length / 2)), () => resolve());
  });
}

/** JSON of that size, as fast as it is read; answers how many MB were asked for before the reader had enough. */
async function stream(megabytes: number, response: ServerResponse): Promise<number> {
  const padding = Buffer.alloc(1_000_000, 'x');
  let sent = 0;
  function* parts() {
    yield '{"matched":1,"padding":"';
    for (; sent < megabytes; sent += 1) yield padding;
    yield '"}';
  }
  response.writeHead(200, { 'content-type': 'application/json; charset=utf-8' });
  // Whoever hangs up has seen enough.
  await pipeline(Readable.from(parts()), response).catch(() => {});
  return sent;
}

function readable(body: string): unknown {
  try {
    return JSON.parse(body) as unknown;
  } catch {
    return body;
  }
}
