// Finds what a person clicks on, and reads what is filled in.
import { type Block, eachRecord, isRecord } from '../validation/walk.ts';

export interface Element {
  readonly blockId: string;
  readonly element: Record<string, unknown>;
}

/** Every element that has an action, with the block it is in. */
export function elementsOf(blocks: readonly Block[]): Element[] {
  const found: Element[] = [];
  for (const block of blocks) {
    eachRecord(block, '', (record) => {
      if (typeof record.action_id === 'string' && typeof record.type === 'string') {
        found.push({ blockId: String(block.block_id), element: record });
      }
    });
  }
  return found;
}

/** The one element with this action id; none or several is a mistake of the caller, unless the block is named. */
export function findElement(blocks: readonly Block[], actionId: string, blockId?: string): Element {
  const all = elementsOf(blocks);
  const matching = all.filter(
    (one) => one.element.action_id === actionId && (blockId === undefined || one.blockId === blockId),
  );
  const [only] = matching;
  if (only && matching.length === 1) return only;
  const ids = all.map((one) => String(one.element.action_id)).join(', ') || 'nothing to click on';
  throw new Error(
    only
      ? `${actionId} is there ${matching.length} times: name its block`
      : `there is no ${actionId} there, but ${ids}`,
  );
}

export type Value = string | readonly string[];

const optionsOf = (element: Record<string, unknown>): Record<string, unknown>[] => {
  const groups = Array.isArray(element.option_groups) ? element.option_groups.filter(isRecord) : [];
  const lists = [element.options, ...groups.map((group) => group.options)];
  return lists.flatMap((list) => (Array.isArray(list) ? list.filter(isRecord) : []));
};

function option(element: Record<string, unknown>, value: string): Record<string, unknown> {
  const found = optionsOf(element).find((one) => one.value === value);
  if (!found) {
    const values = optionsOf(element).map((one) => String(one.value));
    throw new Error(`${String(element.action_id)} has no option ${value}, but ${values.join(', ')}`);
  }
  return found;
}

const VALUE_FIELD: Record<string, string> = {
  datepicker: 'selected_date',
  timepicker: 'selected_time',
  users_select: 'selected_user',
  channels_select: 'selected_channel',
  conversations_select: 'selected_conversation',
  multi_users_select: 'selected_users',
  multi_channels_select: 'selected_channels',
  multi_conversations_select: 'selected_conversations',
};

const SELECT_ONE = new Set(['static_select', 'external_select', 'radio_buttons', 'overflow']);
const SELECT_MANY = new Set(['multi_static_select', 'multi_external_select', 'checkboxes']);

/** The fields that say what was chosen or typed, as an action and a view's state have them. */
export function filledIn(element: Record<string, unknown>, value: Value): Record<string, unknown> {
  const type = String(element.type);
  const one = typeof value === 'string' ? value : (value[0] ?? '');
  if (SELECT_ONE.has(type)) return { type, selected_option: option(element, one) };
  if (SELECT_MANY.has(type)) {
    const many = typeof value === 'string' ? [value] : value;
    return { type, selected_options: many.map((each) => option(element, each)) };
  }
  if (type === 'datetimepicker') return { type, selected_date_time: Number(value) };
  if (type === 'button') return { type };
  return { type, [VALUE_FIELD[type] ?? 'value']: value };
}

const INITIAL: Record<string, string> = {
  initial_option: 'selected_option',
  initial_options: 'selected_options',
  initial_date: 'selected_date',
  initial_time: 'selected_time',
  initial_date_time: 'selected_date_time',
  initial_user: 'selected_user',
  initial_users: 'selected_users',
  initial_channel: 'selected_channel',
  initial_conversation: 'selected_conversation',
  initial_value: 'value',
};

const NEVER_IN_STATE = new Set(['button', 'overflow', 'workflow_button', 'icon_button', 'feedback_buttons']);

function untouched(element: Record<string, unknown>): Record<string, unknown> {
  const type = String(element.type);
  const initial = Object.entries(INITIAL).find(([key]) => element[key] !== undefined);
  if (initial) return { type, [initial[1]]: element[initial[0]] };
  if (SELECT_ONE.has(type)) return { type, selected_option: null };
  if (SELECT_MANY.has(type)) return { type, selected_options: [] };
  return { type, [VALUE_FIELD[type] ?? 'value']: null };
}

/** `state.values`: each input by block and action, with what the person put in or what it began with. */
export function stateValues(
  blocks: readonly Block[],
  filled: Readonly<Record<string, Value>>,
): Record<string, Record<string, unknown>> {
  const values: Record<string, Record<string, unknown>> = {};
  for (const { blockId, element } of elementsOf(blocks)) {
    if (NEVER_IN_STATE.has(String(element.type))) continue;
    const actionId = String(element.action_id);
    const value = filled[actionId];
    const field = value === undefined ? untouched(element) : filledIn(element, value);
    values[blockId] = { ...values[blockId], [actionId]: field };
  }
  return values;
}
