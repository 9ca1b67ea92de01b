// Reads a request's JSON body: the type first, then the size, then the text. Nothing is guessed.
import type { IncomingMessage } from 'node:http';
import { TextDecoder } from 'node:util';

export const MAX_BODY_BYTES = 256 * 1024;

export type Body =
  | { readonly kind: 'json'; readonly value: unknown }
  | { readonly kind: 'unsupported_type' }
  | { readonly kind: 'too_large' }
  | { readonly kind: 'not_json'; readonly message: string };

/** The body as JSON. `application/json` with a charset is JSON; everything else is an unsupported type. */
export async function readJson(request: IncomingMessage): Promise<Body> {
  const decoder = decoderFor(request.headers['content-type'] ?? '');
  if (decoder === undefined) return { kind: 'unsupported_type' };
  const bytes = await readBytes(request);
  if (bytes === undefined) return { kind: 'too_large' };
  try {
    return { kind: 'json', value: JSON.parse(decoder.decode(bytes)) };
  } catch {
    return { kind: 'not_json', message: 'the body must be JSON; check quotes, commas and its encoding' };
  }
}

function decoderFor(contentType: string): TextDecoder | undefined {
  const [type = '', ...parameters] = contentType.split(';').map((part) => part.trim());
  if (type.toLowerCase() !== 'application/json') return undefined;
  const charset = parameters.find((parameter) => /^charset=/i.test(parameter))?.slice('charset='.length);
  try {
    return new TextDecoder(charset?.replaceAll('"', '') ?? 'utf-8', { fatal: true });
  } catch {
    return undefined;
  }
}

async function readBytes(request: IncomingMessage): Promise<Buffer | undefined> {
  if (Number(request.headers['content-length'] ?? 0) > MAX_BODY_BYTES) return undefined;
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > MAX_BODY_BYTES) return undefined;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}
