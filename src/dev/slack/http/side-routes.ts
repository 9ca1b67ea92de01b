// What Slack serves besides the Web API: response URLs, the upload host, and files to download.
import type { Core } from '../core.ts';
import { applyAppAnswer } from '../delivery/app-answer.ts';
import { isRecord } from '../validation/walk.ts';
import { receiveUpload } from '../web-api/files.ts';
import { Refusal } from '../web-api/refusal.ts';
import { bodyOf, type Exchange, sendText } from './exchange.ts';
import { type Answered, respond } from './faulted.ts';

function answerResponseUrl(core: Core, secret: string, body: unknown): Answered {
  const claim = core.responseUrls.claim(secret);
  if (claim.kind === 'refused') return { status: 404, answer: { ok: false, error: claim.error } };
  if (!isRecord(body)) return { status: 400, answer: { ok: false, error: 'invalid_payload' } };
  try {
    applyAppAnswer(core, claim.target, body);
    return { status: 200, answer: 'ok' };
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    return { status: 400, answer: { ok: false, error: error.code, ...error.extra } };
  }
}

function parsed(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString('utf8')) as unknown;
  } catch {
    return undefined;
  }
}

/** POST /response/<secret>: what the app says after its acknowledgement. */
export async function serveResponseUrl(core: Core, exchange: Exchange, secret: string): Promise<void> {
  const body = parsed(await bodyOf(exchange));
  const fault = core.faults.strike('response_url');
  const line = core.traffic.begin({ kind: 'response_url', body, ...(fault ? { fault: fault.kind } : {}) });
  line.finish({ ...(await respond(core, exchange, fault, () => answerResponseUrl(core, secret, body))) });
}

/** The bytes of an upload: the body itself, or the one file of a multipart form. */
async function uploadedBytes(exchange: Exchange): Promise<Buffer> {
  const body = await bodyOf(exchange);
  const contentType = String(exchange.request.headers['content-type'] ?? '');
  if (!contentType.startsWith('multipart/form-data')) return body;
  const form = await new Response(new Uint8Array(body), {
    headers: { 'content-type': contentType },
  }).formData();
  const [part] = [...form.values()];
  if (part === undefined) return Buffer.alloc(0);
  return typeof part === 'string' ? Buffer.from(part) : Buffer.from(await part.arrayBuffer());
}

/** POST /upload/v1/<secret>: the second step of an upload. */
export async function serveUpload(core: Core, exchange: Exchange, secret: string): Promise<void> {
  const bytes = await uploadedBytes(exchange);
  const fault = core.faults.strike('upload');
  const line = core.traffic.begin({
    kind: 'upload',
    body: `${bytes.length} bytes`,
    ...(fault ? { fault: fault.kind } : {}),
  });
  const effect = (): Answered => {
    const { status, text } = receiveUpload(core, secret, bytes);
    return { status, answer: text };
  };
  line.finish({ ...(await respond(core, exchange, fault, effect)) });
}

/** GET /files/<id>/…: a file, as a person opens it. */
export function serveFile(core: Core, exchange: Exchange, id: string): void {
  const file = core.world.files.get(id);
  if (!file || file.state === 'awaiting_upload') {
    sendText(exchange, 404, 'there is no such file');
    return;
  }
  const isCsv = file.name.endsWith('.csv');
  const disposition = `attachment; filename*=UTF-8''${encodeURIComponent(file.name)}`;
  exchange.response.setHeader('content-disposition', disposition);
  exchange.response.setHeader('x-content-type-options', 'nosniff');
  sendText(exchange, 200, file.content, isCsv ? 'text/csv; charset=utf-8' : 'application/octet-stream');
}
