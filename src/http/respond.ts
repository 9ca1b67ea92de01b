// Writes one answer, JSON but for the metrics. Every answer of the server goes through here, so that none is cached or sniffed.
import type { ServerResponse } from 'node:http';

export type Answer = {
  readonly status: number;
  readonly body: unknown;
  /** Instead of the body as JSON: a text, with its content type among the headers. */
  readonly text?: string;
  readonly headers?: Readonly<Record<string, string>>;
};

/** Sends `answer`, unless the caller has gone already. */
export function respond(response: ServerResponse, answer: Answer): void {
  if (response.headersSent || response.destroyed) return;
  const text = answer.text ?? JSON.stringify(answer.body);
  response.writeHead(answer.status, {
    'content-type': 'application/json; charset=utf-8',
    'content-length': Buffer.byteLength(text),
    'cache-control': 'no-store',
    'x-content-type-options': 'nosniff',
    ...answer.headers,
  });
  response.end(text);
}
