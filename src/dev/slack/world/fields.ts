// What an input holds, in the shape of `state.values`: what a person put in, what it began with, or nothing.
import { isRecord } from '../validation/walk.ts';
import type { Field } from './model.ts';

export type Value = string | readonly string[];

type Json = Readonly<Record<string, unknown>>;

const SELECT_ONE = new Set(['static_select', 'external_select', 'radio_buttons', 'overflow']);
const SELECT_MANY = new Set(['multi_static_select', 'multi_external_select', 'checkboxes']);

const NAME: Record<string, string> = {
  datepicker: 'selected_date',
  timepicker: 'selected_time',
  datetimepicker: 'selected_date_time',
  users_select: 'selected_user',
  channels_select: 'selected_channel',
  conversations_select: 'selected_conversation',
  multi_users_select: 'selected_users',
  multi_channels_select: 'selected_channels',
  multi_conversations_select: 'selected_conversations',
  rich_text_input: 'rich_text_value',
  file_input: 'files',
};

const LISTS = new Set([
  'multi_users_select',
  'multi_channels_select',
  'multi_conversations_select',
  'file_input',
]);

const NEVER_IN_STATE = new Set(['button', 'overflow', 'workflow_button', 'icon_button', 'feedback_buttons']);

/** Whether `state.values` has this element. */
export const isInState = (element: Json): boolean => !NEVER_IN_STATE.has(String(element.type));

/** An input with nothing in it. */
export function emptyField(element: Json): Field {
  const type = String(element.type);
  if (SELECT_ONE.has(type)) return { type, selected_option: null };
  if (SELECT_MANY.has(type)) return { type, selected_options: [] };
  return { type, [NAME[type] ?? 'value']: LISTS.has(type) ? [] : null };
}

/** Whether there is something in it. */
export const isFilled = ({ type: _, ...rest }: Field): boolean =>
  Object.values(rest).some((value) =>
    Array.isArray(value) ? value.length > 0 : value !== null && value !== '',
  );

const optionsOf = (element: Json): Json[] => {
  const groups = Array.isArray(element.option_groups) ? element.option_groups.filter(isRecord) : [];
  const lists = [element.options, element.initial_options, ...groups.map((group) => group.options)];
  const listed = lists.flatMap((list) => (Array.isArray(list) ? list.filter(isRecord) : []));
  return isRecord(element.initial_option) ? [...listed, element.initial_option] : listed;
};

function option(element: Json, value: string, offered: readonly Json[]): Json {
  const known = [...optionsOf(element), ...offered];
  const found = known.find((one) => one.value === value);
  if (found) return found;
  const values = known.map((one) => String(one.value)).join(', ') || 'none: it has to be searched first';
  throw new Error(`${String(element.action_id)} has no option ${value}, but ${values}`);
}

const richText = (text: string): Json => ({
  type: 'rich_text',
  elements: [{ type: 'rich_text_section', elements: [{ type: 'text', text }] }],
});

/** The field that says what was picked or typed; throws where the element doesn't offer it. */
export function filledIn(element: Json, value: Value, offered: readonly Json[] = []): Field {
  const type = String(element.type);
  const many = typeof value === 'string' ? [value].filter((one) => one !== '') : value;
  const [one] = many;
  if (SELECT_MANY.has(type))
    return { type, selected_options: many.map((each) => option(element, each, offered)) };
  if (LISTS.has(type)) return { type, [NAME[type] ?? 'value']: type === 'file_input' ? [] : many };
  if (one === undefined) return emptyField(element);
  if (SELECT_ONE.has(type)) return { type, selected_option: option(element, one, offered) };
  if (type === 'datetimepicker') return { type, selected_date_time: Number(one) };
  if (type === 'rich_text_input') return { type, rich_text_value: richText(one) };
  return type === 'button' ? { type } : { type, [NAME[type] ?? 'value']: one };
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
  initial_channels: 'selected_channels',
  initial_conversation: 'selected_conversation',
  initial_conversations: 'selected_conversations',
};

/**
 * An input that nobody has touched. `current` is the conversation that the person was looking at, where the input may
 * begin with it.
 */
export function untouched(element: Json, current: string | undefined): Field {
  const type = String(element.type);
  const initial = Object.entries(INITIAL).find(([key]) => element[key] !== undefined);
  if (initial) return { type, [initial[1]]: element[initial[0]] };
  if (element.initial_value !== undefined)
    return { type, [type === 'rich_text_input' ? 'rich_text_value' : 'value']: element.initial_value };
  if (current === undefined || element.default_to_current_conversation !== true) return emptyField(element);
  return filledIn(element, [current]);
}
