// A method's arguments, whichever way they came: a form with JSON in some fields, or a JSON body.
import { isRecord } from '../validation/walk.ts';
import { invalidArguments, Refusal } from './refusal.ts';

export interface Arguments {
  readonly raw: Readonly<Record<string, unknown>>;
  text(name: string): string | undefined;
  required(name: string): string;
  flag(name: string): boolean | undefined;
  number(name: string): number | undefined;
  /** A list or an object, given as such or as JSON in a string. */
  json(name: string): unknown;
}

/** Reads a request body into named values; text that is JSON stays text until it is asked for. */
export function parseBody(contentType: string, body: Buffer): Record<string, unknown> {
  if (contentType.startsWith('application/json')) {
    if (body.length === 0) return {};
    let parsed: unknown;
    try {
      parsed = JSON.parse(body.toString('utf8'));
    } catch {
      throw new Refusal('invalid_json');
    }
    if (!isRecord(parsed)) throw new Refusal('json_not_object');
    return parsed;
  }
  if (contentType.startsWith('application/x-www-form-urlencoded') || body.length === 0) {
    return Object.fromEntries(new URLSearchParams(body.toString('utf8')));
  }
  throw new Refusal('invalid_post_type');
}

const isAbsent = (value: unknown): boolean => value === undefined || value === null || value === '';

/** Typed access to a method's arguments. */
export function argumentsOf(raw: Record<string, unknown>): Arguments {
  const text = (name: string): string | undefined => {
    const value = raw[name];
    if (value === undefined || value === null) return undefined;
    return typeof value === 'object' ? JSON.stringify(value) : String(value);
  };
  return {
    raw,
    text,
    required(name) {
      const value = text(name);
      if (isAbsent(value) || value === undefined) throw invalidArguments(`missing required field: ${name}`);
      return value;
    },
    flag(name) {
      const value = text(name);
      return value === undefined || value === '' ? undefined : value === 'true' || value === '1';
    },
    number(name) {
      const value = text(name);
      return value === undefined || value === '' ? undefined : Number(value);
    },
    json(name) {
      const value = raw[name];
      if (isAbsent(value)) return undefined;
      if (typeof value !== 'string') return value;
      try {
        return JSON.parse(value) as unknown;
      } catch {
        throw new Refusal(name === 'blocks' ? 'invalid_blocks_format' : 'invalid_arguments');
      }
    },
  };
}
