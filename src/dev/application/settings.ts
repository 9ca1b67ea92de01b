// What the application is started with.
import { z } from 'zod';

const Environment = z.object({
  APPLICATION_DATABASE_URL: z.string().min(1),
  /** 0 asks the system for a free one. */
  APPLICATION_PORT: z.coerce.number().int().min(0).max(65_535).default(0),
  APPLICATION_API_KEY: z.string().min(1),
  APPLICATION_API_SECRET: z.string().min(1),
  /** How many executions one call replays at most. */
  APPLICATION_CAP: z.coerce.number().int().positive().default(25),
  /** How long the work on one execution takes besides the database's. */
  APPLICATION_ROW_MS: z.coerce.number().int().min(0).default(0),
  /** Whether the answer tells of each row, or only what the runbook says. */
  APPLICATION_RESULTS: z.enum(['none', 'results']).default('none'),
  /** A file that outlives the process: its orders to misbehave, and the calls it got. */
  APPLICATION_JOURNAL: z.string().min(1).optional(),
});

export type Settings = z.output<typeof Environment>;

/** Throws with what is missing or wrong. */
export function readSettings(environment: NodeJS.ProcessEnv): Settings {
  return Environment.parse(environment);
}
