// What a renderer has to know of the world and of the reader: names, the reader's time zone, whose blocks these are.
import { isRecord } from '../../slack/validation/walk.ts';
import type { Field, FieldsByBlock } from '../../slack/world/model.ts';

export type RenderContext = {
  readonly users: Readonly<Record<string, string>>;
  readonly channels: Readonly<Record<string, string>>;
  readonly usergroups: Readonly<Record<string, string>>;
  /** IANA name of the reader's time zone. */
  readonly timeZone: string;
  /** Unique on the page: becomes part of the ids that labels point to. */
  readonly idPrefix: string;
  /** In a modal nothing is sent before it is submitted. */
  readonly surface: 'message' | 'modal' | 'home';
  /** The reader's id, and the ids of the groups they are in: mentions of these stand out. */
  readonly mine?: ReadonlySet<string>;
  /** The elements drawn now belong to an input block, which has their label. */
  readonly input?: { readonly describedBy: string; readonly required: boolean };
  /** What stands in the inputs of a view. */
  readonly fields?: FieldsByBlock;
  /** What a select of channels or conversations lists; all channels where nothing is said. */
  readonly conversations?: (element: Json) => readonly { readonly id: string; readonly name: string }[];
};

export type Json = Record<string, unknown>;

/** The objects of a list; anything else is left out. */
export const listOf = (value: unknown): Json[] => (Array.isArray(value) ? value.filter(isRecord) : []);

/** A field's text, or `''`. */
export const textOf = (value: unknown): string =>
  typeof value === 'string' || typeof value === 'number' ? String(value) : '';

/** The text inside a text object. */
export const plainOf = (value: unknown): string => (isRecord(value) ? textOf(value.text) : '');

/** What stands in an input of a view; undefined where the blocks are no view's. */
export const fieldOf = (context: RenderContext, element: Json, blockId: string): Field | undefined =>
  context.fields?.[blockId]?.[textOf(element.action_id)];

/** An id that is unique on the page and can stand in an attribute. */
export const idOf = (context: RenderContext, ...parts: unknown[]): string =>
  [context.idPrefix, ...parts.map(String)].join('-').replace(/[^\w-]/g, '_');

/** What a record has under a name that comes from outside: never what every object has, such as `toString`. */
export const own = <T>(record: Readonly<Record<string, T>>, name: string): T | undefined =>
  Object.hasOwn(record, name) ? record[name] : undefined;
