// Sends a signed request to the app and waits for its acknowledgement, three seconds and no longer.
import { request } from 'node:http';
import type { SignedRequest } from './signature.ts';

export type Reply =
  | {
      readonly kind: 'answered';
      readonly status: number;
      readonly contentType: string;
      readonly body: string;
      readonly ms: number;
    }
  | { readonly kind: 'timed_out'; readonly ms: number }
  | { readonly kind: 'failed'; readonly reason: string; readonly ms: number };

/** Posts the request as it is; never rejects. */
export function sendHttp(url: string, signed: SignedRequest, timeoutMs: number): Promise<Reply> {
  const started = performance.now();
  const ms = (): number => Math.round(performance.now() - started);
  return new Promise((resolve) => {
    const finish = (reply: Reply): void => {
      clearTimeout(timer);
      resolve(reply);
      outgoing.destroy();
    };
    const headers = { ...signed.headers, 'content-length': String(Buffer.byteLength(signed.body)) };
    const outgoing = request(url, { method: 'POST', headers, agent: false });
    const timer = setTimeout(() => finish({ kind: 'timed_out', ms: ms() }), timeoutMs);
    outgoing.on('error', (error) => finish({ kind: 'failed', reason: error.message, ms: ms() }));
    outgoing.on('response', (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('error', (error) => finish({ kind: 'failed', reason: error.message, ms: ms() }));
      response.on('end', () => {
        const contentType = String(response.headers['content-type'] ?? '');
        const body = Buffer.concat(chunks).toString('utf8');
        finish({ kind: 'answered', status: response.statusCode ?? 0, contentType, body, ms: ms() });
      });
    });
    outgoing.end(signed.body);
  });
}
