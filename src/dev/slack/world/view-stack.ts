// Modals: each person has a stack of at most three; a view is known by its id and its hash.
import type { Block } from '../validation/walk.ts';
import type { View } from './model.ts';
import { withIds } from './posting.ts';
import type { World } from './world.ts';

const MAX_STACK = 3;

type Content = View['content'];

function prepared(world: World, view: Record<string, unknown>): Content {
  const blocks = Array.isArray(view.blocks) ? (view.blocks as Block[]) : [];
  return { ...view, blocks: withIds(blocks, world.newId) };
}

const newHash = (world: World): string => `${Math.floor(world.now() / 1000)}.${world.newId('').slice(0, 8)}`;

/** A person's open views, the one on top last. */
export const stackOf = (world: World, user: string): View[] =>
  [...world.views.values()].filter((view) => view.open && view.user === user);

/** The view of the app with this external id. */
export const viewByExternalId = (world: World, externalId: string): View | undefined =>
  [...world.views.values()].find((view) => view.open && view.content.external_id === externalId);

function add(world: World, user: string, below: View | undefined, view: Record<string, unknown>): View {
  const id = world.newId('V');
  const opened: View = {
    id,
    hash: newHash(world),
    user,
    rootViewId: below?.rootViewId ?? id,
    previousViewId: below?.id ?? null,
    open: true,
    content: prepared(world, view),
  };
  world.views.set(id, opened);
  world.changes.announce({ kind: 'view_opened', user, viewId: id });
  return opened;
}

/** Opens a modal in place of whatever the person had open. */
export function openView(world: World, user: string, view: Record<string, unknown>): View {
  for (const old of stackOf(world, user)) closeView(world, old);
  return add(world, user, undefined, view);
}

/** Puts a view on top; undefined where the stack is full or empty. */
export function pushView(world: World, user: string, view: Record<string, unknown>): View | undefined {
  const stack = stackOf(world, user);
  return stack.length === 0 || stack.length >= MAX_STACK ? undefined : add(world, user, stack.at(-1), view);
}

/** Replaces a view's content; its id stays and its hash changes. */
export function updateView(world: World, view: View, content: Record<string, unknown>): View {
  const updated: View = { ...view, hash: newHash(world), content: prepared(world, content) };
  world.views.set(view.id, updated);
  world.changes.announce({ kind: 'view_updated', user: view.user, viewId: view.id });
  return updated;
}

/** Takes a view off the person's screen. */
export function closeView(world: World, view: View): void {
  world.views.set(view.id, { ...view, open: false });
  world.changes.announce({ kind: 'view_closed', user: view.user, viewId: view.id });
}
