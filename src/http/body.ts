// Reads a request's JSON body: the type first, then the size, then the text. Nothing is guessed.
import type { IncomingMessage } from 'node:http';
import { TextDecoder } from 'node:util';
import { jsonRepeats, type Repeat } from '../text/json-repeats.ts';

export const MAX_BODY_BYTES = 256 * 1024;

export type Body =
  | { readonly kind: 'json'; readonly value: unknown; readonly repeats: readonly Repeat[] }
  | { readonly kind: 'unsupported_type' }
  /** Compressed, by the caller or something between: what a few bytes become nobody knows before. */
  | { readonly kind: 'unsupported_encoding' }
  | { readonly kind: 'too_large' }
  | { readonly kind: 'not_json'; readonly message: string };

/** The body as JSON. `application/json` with a charset is JSON; everything else is an unsupported type. */
export async function readJson(request: IncomingMessage): Promise<Body> {
  const decoder = decoderFor(request.headers['content-type'] ?? '');
  if (decoder === undefined) return { kind: 'unsupported_type' };
  if (!/^(?:identity)?$/i.test((request.headers['content-encoding'] ?? '').trim()))
    return { kind: 'unsupported_encoding' };
  const bytes = await readBytes(request);
  if (bytes === 'too_large') return { kind: 'too_large' };
  if (bytes === 'cut_off') return { kind: 'not_json', message: 'the connection ended before the body did' };
  try {
    const text = decoder.decode(bytes);
    return { kind: 'json', value: JSON.parse(text), repeats: jsonRepeats(text) };
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

/**
 * The whole body, or why there is none. What is too large is still read, and thrown away: closing on somebody who is
 * sending breaks their connection before they have read why. The server's own time limit ends an endless body.
 */
async function readBytes(request: IncomingMessage): Promise<Buffer | 'too_large' | 'cut_off'> {
  if (Number(request.headers['content-length'] ?? 0) > MAX_BODY_BYTES) {
    request.resume();
    return 'too_large';
  }
  if (request.destroyed) return 'cut_off';
  return new Promise((resolve) => {
    let chunks: Buffer[] = [];
    let size = 0;
    request.on('data', (chunk: Buffer) => {
      size += chunk.length;
      if (size <= MAX_BODY_BYTES) {
        chunks.push(chunk);
      } else {
        chunks = [];
        resolve('too_large');
      }
    });
    request.on('end', () => resolve(Buffer.concat(chunks)));
    // Without a listener for the error, Node takes a caller who hangs up for a bug of ours.
    request.on('error', () => {});
    request.on('close', () => resolve('cut_off'));
  });
}
