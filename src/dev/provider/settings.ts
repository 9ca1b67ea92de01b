// What the provider is started with, and who has an account there.
import { z } from 'zod';

const person = z.object({
  email: z.string(),
  name: z.string(),
  /** Whether the provider vouches for the address. */
  verified: z.boolean().default(true),
  /** The organisation of the account (`hd`); null: a private one. */
  organisation: z.string().nullable(),
});

export type Account = z.input<typeof person>;

const environment = z.object({
  /** 0 asks the system for a free one. */
  PROVIDER_PORT: z.coerce.number().int().min(0).max(65_535).default(0),
  /** Where it is reached, if something stands before it. */
  PROVIDER_ISSUER: z.string().optional(),
  PROVIDER_CALLBACK: z.string().default('http://127.0.0.1/sign-in/callback'),
  PROVIDER_CLIENT_ID: z.string(),
  PROVIDER_CLIENT_SECRET: z.string(),
  PROVIDER_CLIENT_AUTH: z.enum(['client_secret_post', 'client_secret_basic']).default('client_secret_post'),
  PROVIDER_PEOPLE: z
    .string()
    .transform((text): unknown => JSON.parse(text))
    .pipe(z.array(person)),
});

export type Settings = z.output<typeof environment>;

/** Throws with what is missing or wrong. */
export function readSettings(given: NodeJS.ProcessEnv): Settings {
  return environment.parse(given);
}
