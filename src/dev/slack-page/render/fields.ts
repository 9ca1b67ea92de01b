// Elements that are typed into: text, numbers, dates, times, files.
import { fromUnixTime } from 'date-fns/fromUnixTime';
import { isRecord } from '../../slack/validation/walk.ts';
import { actionAttributes, naming } from './attributes.ts';
import { fieldOf, idOf, type Json, listOf, own, plainOf, type RenderContext, textOf } from './context.ts';
import { attribute, type Html, html } from './html.ts';

const INPUT_TYPES: Record<string, string> = {
  datepicker: 'date',
  timepicker: 'time',
  datetimepicker: 'datetime-local',
  email_text_input: 'email',
  url_text_input: 'url',
  number_input: 'number',
  plain_text_input: 'text',
  file_input: 'file',
};

/** Unix seconds as a `datetime-local` field wants them, in the reader's zone. */
function localDateTime(seconds: number, timeZone: string): string {
  const parts = new Intl.DateTimeFormat('sv-SE', { dateStyle: 'short', timeStyle: 'short', timeZone });
  return parts.format(fromUnixTime(seconds)).replace(' ', 'T');
}

/** What stands in it: in a view what was put in, elsewhere what it began with. */
function held(context: RenderContext, element: Json, blockId: string): unknown {
  const field = fieldOf(context, element, blockId);
  if (!field)
    return element.initial_date_time ?? element.initial_value ?? element.initial_date ?? element.initial_time;
  const { type: _, ...value } = field;
  return Object.values(value)[0];
}

function initial(context: RenderContext, element: Json, blockId: string): string | undefined {
  const value = held(context, element, blockId);
  if (typeof value === 'number') return localDateTime(value, context.timeZone);
  return typeof value === 'string' ? value : undefined;
}

/** The text of a rich text value, for the plain field that stands for Slack's editor. */
const richValue = (value: unknown): string =>
  isRecord(value) ? [textOf(value.text), ...listOf(value.elements).map(richValue)].join('') : '';

function textArea(context: RenderContext, element: Json, blockId: string, common: Html): Html {
  const rows = Number(element.min_lines ?? 4);
  const value =
    element.type === 'rich_text_input'
      ? richValue(held(context, element, blockId))
      : initial(context, element, blockId);
  return html`<textarea class="field" rows="${rows}"${common}>${value}</textarea>`;
}

/** A field, or undefined for another kind of element. */
export function field(context: RenderContext, element: Json, blockId: string): Html | undefined {
  const type = textOf(element.type);
  const placeholder = plainOf(element.placeholder);
  const common = html` id="${idOf(context, blockId, element.action_id)}" data-act="choose"${actionAttributes(element, blockId)}${naming(context, placeholder || type)}${attribute('placeholder', placeholder || undefined)}${attribute('minlength', element.min_length as number)}${attribute('maxlength', element.max_length as number)}`;
  if (type === 'rich_text_input' || (type === 'plain_text_input' && element.multiline === true))
    return textArea(context, element, blockId, common);
  const inputType = own(INPUT_TYPES, type);
  if (inputType === undefined) return undefined;
  const numeric =
    type === 'number_input'
      ? html`${attribute('min', element.min_value as string)}${attribute('max', element.max_value as string)} step="${element.is_decimal_allowed === true ? 'any' : '1'}"`
      : undefined;
  const files =
    type === 'file_input'
      ? html`${attribute('multiple', Number(element.max_files ?? 10) > 1)}${attribute('accept', Array.isArray(element.filetypes) ? element.filetypes.map((one) => `.${one}`).join(',') : undefined)}`
      : undefined;
  const zone = attribute('data-zone', type === 'datetimepicker' ? context.timeZone : undefined);
  return html`<input class="field" type="${inputType}"${common}${zone}${numeric}${files}${attribute('value', initial(context, element, blockId))}>`;
}
