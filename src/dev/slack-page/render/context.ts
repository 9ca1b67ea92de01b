// What a renderer has to know of the world and of the reader: names, the reader's time zone, whose blocks these are.
import { isRecord } from '../../slack/validation/walk.ts';

export type RenderContext = {
  readonly users: Readonly<Record<string, string>>;
  readonly channels: Readonly<Record<string, string>>;
  readonly usergroups: Readonly<Record<string, string>>;
  /** IANA name of the reader's time zone. */
  readonly timeZone: string;
  /** Unique on the page: becomes part of the ids that labels point to. */
  readonly idPrefix: string;
  /** In a modal nothing is sent before it is submitted. */
  readonly surface: 'message' | 'modal';
};

export type Json = Record<string, unknown>;

/** The objects of a list; anything else is left out. */
export const listOf = (value: unknown): Json[] => (Array.isArray(value) ? value.filter(isRecord) : []);

/** A field's text, or `''`. */
export const textOf = (value: unknown): string =>
  typeof value === 'string' || typeof value === 'number' ? String(value) : '';

/** The text inside a text object. */
export const plainOf = (value: unknown): string => (isRecord(value) ? textOf(value.text) : '');

/** An id that is unique on the page and can stand in an attribute. */
export const idOf = (context: RenderContext, ...parts: unknown[]): string =>
  [context.idPrefix, ...parts.map(String)].join('-').replace(/[^\w-]/g, '_');

/** What a record has under a name that comes from outside: never what every object has, such as `toString`. */
export const own = <T>(record: Readonly<Record<string, T>>, name: string): T | undefined =>
  Object.hasOwn(record, name) ? record[name] : undefined;
