// What manifest.yml says of the app, for the local Slack: the demo's Slack grants exactly what a real one would.
import { readFile } from 'node:fs/promises';
import { parse } from 'yaml';
import { appOfManifest, type ManifestApp } from '../slack/manifest.ts';

/** Scopes, commands, shortcuts, events and tabs of manifest.yml. */
export async function readManifest(): Promise<ManifestApp> {
  const text = await readFile(new URL('../../../manifest.yml', import.meta.url), 'utf8');
  return appOfManifest(parse(text));
}
