// What of a world outlives its process: what was said, and the files. Modals, trigger ids and response URLs don't.
import type { Ephemeral, FileRecord, Message } from './model.ts';
import type { World } from './world.ts';

/** Plain JSON. */
export interface SavedWorld {
  readonly messages: readonly Message[];
  readonly ephemerals: readonly Ephemeral[];
  readonly files: readonly (Omit<FileRecord, 'content'> & { readonly content: string })[];
}

/** Everything said so far. */
export function saveWorld(world: World): SavedWorld {
  return {
    messages: [...world.messages.values()].flat(),
    ephemerals: world.ephemerals,
    files: [...world.files.values()].map((file) => ({ ...file, content: file.content.toString('base64') })),
  };
}

/** Puts back what was said; channels that are no more keep nothing. */
export function restoreWorld(world: World, saved: SavedWorld): void {
  for (const message of saved.messages) world.messages.get(message.channel)?.push(message);
  world.ephemerals.push(...saved.ephemerals);
  for (const file of saved.files) {
    world.files.set(file.id, { ...file, content: Buffer.from(file.content, 'base64') });
  }
}

/** Forgets everything that was said. People, channels and the app stay. */
export function clearWorld(world: World): void {
  for (const list of world.messages.values()) list.length = 0;
  world.ephemerals.length = 0;
  world.files.clear();
  for (const [id, view] of world.views) world.views.set(id, { ...view, open: false });
  world.homes.clear();
  for (const id of world.channels.keys()) world.changes.announce({ kind: 'channels_changed', id });
}
