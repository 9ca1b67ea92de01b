// Signing in to the demo's bot: a provider with the seeded people, and what the page shows of it.
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { INCIDENT } from '../incident/seed.ts';
import { USERS } from '../incident/tenants.ts';
import { freePort } from '../postgres/embedded.ts';
import { startProvider } from '../provider/start.ts';
import type { BrowserPanel } from '../slack-page/outside.ts';
import { portTrouble } from './one-demo.ts';

const DOMAIN = 'onramp.example';
const ENDPOINT = '/api/ramps/executions/retry-batch';

export type DemoSignIn = {
  readonly panel: BrowserPanel;
  /** What the bot is started with besides. */
  environment(): Promise<Record<string, string>>;
  stop(): Promise<void>;
};

/** Starts the provider; besides the seeded people it knows two who are refused. */
export async function startSignIn(dataDir: string | undefined): Promise<DemoSignIn> {
  const provider = await startProvider({
    people: [
      ...USERS.map(({ email, name }) => ({ email, name, organisation: DOMAIN })),
      { email: `lee@${DOMAIN}`, name: 'Lee Novak, whom OnRamp does not know', organisation: DOMAIN },
      { email: 'robin@mail.example', name: 'Robin Vale', organisation: null },
    ],
  });
  let origin = '';
  let port: number | undefined;
  return {
    panel: {
      signIn: () => `${origin}/sign-in`,
      batches: () => `${origin}/batches`,
      curl: (session) =>
        `curl -X POST ${origin}${ENDPOINT} -b "session=${session}" -H "Content-Type: application/json" -d '{"since": "${INCIDENT.since}", "error_pattern": "new_task", "dry_run": true}'`,
    },
    environment: async () => {
      port ??= await keptPort(dataDir);
      origin = `http://127.0.0.1:${port}`;
      return {
        PORT: String(port),
        PUBLIC_ORIGIN: origin,
        OIDC_ISSUER: provider.url,
        OIDC_CLIENT_ID: provider.clientId,
        OIDC_CLIENT_SECRET: provider.clientSecret,
        OIDC_HOSTED_DOMAIN: DOMAIN,
        OIDC_ALLOWED_DOMAINS: DOMAIN,
      };
    },
    stop: () => provider.stop(),
  };
}

/** The bot's port: messages that are kept lead to its pages, and so it stays the same as long as nobody else has it. */
async function keptPort(dataDir: string | undefined): Promise<number> {
  if (dataDir === undefined) return freePort();
  const file = join(dataDir, 'bot-port');
  const kept = Number(await readFile(file, 'utf8').catch(() => ''));
  if (kept > 0 && (await portTrouble(kept)) === null) return kept;
  const port = await freePort();
  await writeFile(file, String(port));
  return port;
}
