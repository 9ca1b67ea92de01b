// What a form carries with it besides its fields, and brings back at each search and when it is sent: it may have been
// opened by a process of another release.
import { z } from 'zod';
import { type Instant, parseInstant } from '../../domain/instant.ts';
import { readCarried } from './carried.ts';

export type FormMetadata = {
  /** Where the bot keeps what has no field. */
  readonly draftId: string;
  readonly teamId: string;
  /** Where the dry run is posted; null where the form has a field for that. */
  readonly channelId: string | null;
  /** Fields of the request that are kept and not shown as inputs. */
  readonly kept: readonly string[];
  /** The window's ends as they were given, which a picker of minutes would not bring back. */
  readonly since: Instant | null;
  readonly until: Instant | null;
};

const VERSION = 1;

const exact = z
  .string()
  .nullable()
  .transform((text) => (text === null ? null : (parseInstant(text) ?? null)));

const schema = z.object({
  v: z.literal(VERSION),
  draftId: z.uuid(),
  teamId: z.string(),
  channelId: z.string().nullable(),
  kept: z.array(z.string()),
  since: exact,
  until: exact,
});

export function printMetadata(metadata: FormMetadata): string {
  return JSON.stringify({ v: VERSION, ...metadata });
}

/** Null where it is of a release that writes it in another way, or nobody's. */
export function readMetadata(text: string): FormMetadata | null {
  return readCarried(schema, text);
}
