// Modals: each person has a stack of at most three; a view is known by its id and its hash. And Home tabs: each
// person has one.
import type { Block } from '../validation/walk.ts';
import { elementsOf } from './elements.ts';
import type { FieldsByBlock, View } from './model.ts';
import { withIds } from './posting.ts';
import { currentFor, keptFields, mergeFields, stateOf } from './view-state.ts';
import type { World } from './world.ts';

const MAX_STACK = 3;

type Content = View['content'];
type Json = Record<string, unknown>;

function prepared(world: World, view: Json): Content {
  const blocks = Array.isArray(view.blocks) ? (view.blocks as Block[]) : [];
  return { ...view, blocks: withIds(blocks, world.newId) };
}

const newHash = (world: World): string => `${Math.floor(world.now() / 1000)}.${world.newId('').slice(0, 8)}`;

/** A person's open views, the one on top last. */
export const stackOf = (world: World, user: string): View[] =>
  [...world.views.values()].filter((view) => view.open && view.user === user);

const shown = (world: World): View[] => [
  ...[...world.views.values()].filter((view) => view.open),
  ...world.homes.values(),
];

/** The view with this id that somebody has open, or has as their Home tab. */
export const viewById = (world: World, id: string): View | undefined =>
  shown(world).find((view) => view.id === id);

/** The view of the app with this external id. */
export const viewByExternalId = (world: World, externalId: string): View | undefined =>
  shown(world).find((view) => view.content.external_id === externalId);

/** What stands in the view's inputs, as `state.values` has it. */
export const valuesOf = (world: World, view: View): FieldsByBlock =>
  stateOf(elementsOf(view.content.blocks), view.filled, (element) => currentFor(world, view, element));

type Opening = Pick<View, 'user' | 'conversation'>;

function fresh(world: World, { user, conversation }: Opening, below: View | undefined, view: Json): View {
  const id = world.newId('V');
  return {
    id,
    hash: newHash(world),
    user,
    rootViewId: below?.rootViewId ?? id,
    previousViewId: below?.id ?? null,
    open: true,
    filled: {},
    content: prepared(world, view),
    ...(conversation ? { conversation } : {}),
  };
}

function add(world: World, opening: Opening, below: View | undefined, view: Json): View {
  const opened = fresh(world, opening, below, view);
  world.views.set(opened.id, opened);
  world.changes.announce({ kind: 'view_opened', user: opened.user, viewId: opened.id });
  return opened;
}

/** Opens a modal in place of whatever the person had open. */
export function openView(world: World, opening: Opening, view: Json): View {
  for (const old of stackOf(world, opening.user)) closeView(world, old);
  return add(world, opening, undefined, view);
}

/** Puts a view on top; undefined where the stack is full or empty. */
export function pushView(world: World, user: string, view: Json): View | undefined {
  const stack = stackOf(world, user);
  const top = stack.at(-1);
  return top === undefined || stack.length >= MAX_STACK ? undefined : add(world, top, top, view);
}

function put(world: World, view: View, kind: 'view_updated' | 'view_filled'): View {
  if (view.content.type === 'home') world.homes.set(view.user, view);
  else world.views.set(view.id, view);
  world.changes.announce({ kind, user: view.user, viewId: view.id });
  return view;
}

/** Replaces a view's content; its id stays, its hash changes, and inputs that are still there keep what is in them. */
export function updateView(world: World, view: View, content: Json): View {
  const { trouble: _, ...rest } = view;
  const next = prepared(world, content);
  const filled = keptFields(valuesOf(world, view), elementsOf(next.blocks));
  return put(world, { ...rest, hash: newHash(world), content: next, filled }, 'view_updated');
}

/** Publishes a person's Home tab, the first time or again. */
export function publishHome(world: World, user: string, content: Json): View {
  const known = world.homes.get(user);
  if (known) return updateView(world, known, content);
  const home = fresh(world, { user }, undefined, content);
  world.homes.set(user, home);
  world.changes.announce({ kind: 'home_published', user, viewId: home.id });
  return home;
}

/** A person puts something into inputs of the view. */
export const fillView = (world: World, view: View, fields: FieldsByBlock): View =>
  put(world, { ...view, filled: mergeFields(view.filled, fields) }, 'view_filled');

/** Says at the top of the view that something went wrong, or no longer. */
export function troubleView(world: World, view: View, words: string | undefined): void {
  const { trouble, ...rest } = view;
  if (trouble !== words) put(world, { ...rest, ...(words ? { trouble: words } : {}) }, 'view_filled');
}

/** Takes a view off the person's screen. */
export function closeView(world: World, view: View): void {
  world.views.set(view.id, { ...view, open: false });
  world.changes.announce({ kind: 'view_closed', user: view.user, viewId: view.id });
}
