// What a view carries with it and brings back: it may have been opened by a process of another release.
import type { z } from 'zod';

/** Null where it is of a release that writes it in another way, or nobody's. */
export function readCarried<Schema extends z.ZodType>(schema: Schema, text: string): z.output<Schema> | null {
  try {
    return schema.parse(JSON.parse(text));
  } catch {
    return null;
  }
}
