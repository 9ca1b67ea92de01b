// Whom signing in lets in, in the audit trail's words.
import { z } from 'zod';

/** Why somebody whom the sign-in provider named was not let in. */
const ADMISSION_REFUSALS = ['domain', 'unverified', 'unknown', 'inactive'] as const;

export type AdmissionRefusal = (typeof ADMISSION_REFUSALS)[number];

/**
 * The evidence. Where the event's actor is the bot, nobody has proved to be the user `claimed`; null: the provider's address is
 * no user's.
 */
export const SIGN_IN_REFUSED = z.object({
  because: z.enum(ADMISSION_REFUSALS),
  from: z.string(),
  claimed: z.object({ id: z.number().int().nonnegative(), email: z.string() }).nullable(),
});
