// What manifest.yml says of the app, for the local Slack: the demo's Slack grants exactly what a real one would.
import { readFile } from 'node:fs/promises';
import { parse } from 'yaml';
import { z } from 'zod';

const manifestSchema = z.object({
  features: z.object({
    slash_commands: z.array(
      z.object({ command: z.string(), description: z.string(), usage_hint: z.string().optional() }),
    ),
  }),
  oauth_config: z.object({ scopes: z.object({ bot: z.array(z.string()) }) }),
});

export type ManifestApp = {
  readonly scopes: string[];
  readonly commands: { command: string; description: string; usage_hint?: string }[];
};

/** The scopes and slash commands of manifest.yml. */
export async function readManifest(): Promise<ManifestApp> {
  const text = await readFile(new URL('../../../manifest.yml', import.meta.url), 'utf8');
  const { features, oauth_config: oauth } = manifestSchema.parse(parse(text));
  const commands = features.slash_commands.map(({ usage_hint: hint, ...command }) => ({
    ...command,
    ...(hint === undefined ? {} : { usage_hint: hint }),
  }));
  return { scopes: oauth.scopes.bot, commands };
}
