// What the two views of owed notifications carry with them and bring back.
import { z } from 'zod';
import { readCarried } from './carried.ts';

export type OwedMetadata = {
  readonly batchId: string;
  /** Where the button stood, for private answers. */
  readonly channelId: string | null;
  readonly threadTs: string | null;
  readonly messageTs: string | null;
  /** What was chosen and shown; null in the view in which one chooses. */
  readonly choiceId: string | null;
};

const VERSION = 1;

const schema = z.object({
  v: z.literal(VERSION),
  batchId: z.uuid(),
  channelId: z.string().nullable(),
  threadTs: z.string().nullable(),
  messageTs: z.string().nullable(),
  choiceId: z.uuid().nullable(),
});

export function printOwedMetadata(metadata: OwedMetadata): string {
  return JSON.stringify({ v: VERSION, ...metadata });
}

/** Null where it is of a release that writes it in another way, or nobody's. */
export function readOwedMetadata(text: string): OwedMetadata | null {
  return readCarried(schema, text);
}
