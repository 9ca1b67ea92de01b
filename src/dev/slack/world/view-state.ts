// What stands in a view's inputs: kept with the view, since an update of it keeps what a person had put in.
import { conversationsFor } from './conversations.ts';
import type { Element } from './elements.ts';
import { emptyField, isInState, untouched } from './fields.ts';
import type { Field, FieldsByBlock, View } from './model.ts';
import type { World } from './world.ts';

type Json = Element['element'];

/** The conversation that an input of this view may begin with: the one it was opened in, where the input takes it. */
export function currentFor(
  world: World,
  { user, conversation }: Pick<View, 'user' | 'conversation'>,
  element: Json,
): string | undefined {
  const listed = conversationsFor(world, user, element).some((one) => one.id === conversation);
  return listed ? conversation : undefined;
}

/** `state.values` of elements: what was put in, else what they began with. */
export function stateOf(
  elements: readonly Element[],
  filled: FieldsByBlock = {},
  current: (element: Json) => string | undefined = () => undefined,
): FieldsByBlock {
  const values: Record<string, Record<string, Field>> = {};
  for (const { blockId, element } of elements.filter((one) => isInState(one.element))) {
    const actionId = String(element.action_id);
    const field = filled[blockId]?.[actionId] ?? untouched(element, current(element));
    values[blockId] = { ...values[blockId], [actionId]: field };
  }
  return values;
}

/** Both, the later ones winning. */
export function mergeFields(first: FieldsByBlock, later: FieldsByBlock): FieldsByBlock {
  const merged: Record<string, Readonly<Record<string, Field>>> = { ...first };
  for (const [blockId, fields] of Object.entries(later)) merged[blockId] = { ...merged[blockId], ...fields };
  return merged;
}

function isStillOffered(element: Json, field: Field): boolean {
  const chosen = field.selected_option as { readonly value?: unknown } | null | undefined;
  if (element.type !== 'static_select' || !chosen || !Array.isArray(element.options)) return true;
  return element.options.some((one: { readonly value?: unknown }) => one.value === chosen.value);
}

/**
 * What an updated view keeps of the former one: inputs with the same ids and type keep what was in them, even where
 * that was nothing and the update says what to begin with. Reports of Slack (bolt-js #290, #1258) say so.
 */
export function keptFields(before: FieldsByBlock, after: readonly Element[]): FieldsByBlock {
  const kept: Record<string, Record<string, Field>> = {};
  for (const { blockId, element } of after) {
    const actionId = String(element.action_id);
    const field = before[blockId]?.[actionId];
    if (!field || field.type !== element.type) continue;
    const held = isStillOffered(element, field) ? field : emptyField(element);
    kept[blockId] = { ...kept[blockId], [actionId]: held };
  }
  return kept;
}
