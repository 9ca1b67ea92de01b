// How the columns that several statements read are written in SQL and read in TypeScript.
import { z } from 'zod';
import type { Instant } from '../domain/instant.ts';
import type { Actor } from '../domain/person.ts';

/**
 * SQL: a timestamptz as canonical text in UTC, all six digits kept; reads as an Instant. `infinity`, and what was before the
 * year 1, is shown in Postgres' own words: to_char has none for them.
 */
export function instantText(column: string): string {
  return `case when isfinite(${column}) and ${column} >= '0001-01-01 00:00:00+00'
    then to_char(${column} at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') else (${column})::text end`;
}

export const instantColumn = z.string().transform((text) => text as Instant);

const user = z.object({ id: z.number(), email: z.string() });

export const actorColumn: z.ZodType<Actor> = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('slack'),
    teamId: z.string(),
    userId: z.string(),
    user: user.nullable(),
    workspaces: z.array(z.string()).readonly().optional(),
  }),
  z.object({ kind: z.literal('session'), user, from: z.string() }),
  z.object({ kind: z.literal('api_key'), name: z.string(), from: z.string() }),
  z.object({ kind: z.literal('system'), name: z.string() }),
]);

/** How many characters people are shown of what an execution's logs say (engine contract, "Plan"). */
export const SHOWN_OF_LOGS = 4000;
