// What Slack's client itself says under an input before it sends a modal off.
import type { Block } from '../validation/walk.ts';
import { isRecord } from '../validation/walk.ts';
import { isFilled } from '../world/fields.ts';
import type { Field, FieldsByBlock } from '../world/model.ts';

const REQUIRED = 'Please complete this required field.';
const EMAIL = /^[^\s@]+@[^\s@]+\.[^\s@]+$/;
const URL_LIKE = /^https?:\/\/\S+$/i;

/** An input's words about what is in it; undefined where it takes it. */
function about(element: Readonly<Record<string, unknown>>, field: Field): string | undefined {
  const { value } = field;
  if (typeof value !== 'string') return undefined;
  const { type, min_length: least, max_length: most, min_value: from, max_value: to } = element;
  const length = [...value].length;
  if (typeof least === 'number' && length < least) return `Enter at least ${least} characters.`;
  if (typeof most === 'number' && length > most) return `Enter no more than ${most} characters.`;
  if (type === 'email_text_input' && !EMAIL.test(value)) return 'Enter a valid email address.';
  if (type === 'url_text_input' && !URL_LIKE.test(value)) return 'Enter a valid URL.';
  if (type !== 'number_input') return undefined;
  const number = Number(value);
  if (Number.isNaN(number) || (element.is_decimal_allowed === false && !Number.isInteger(number)))
    return 'Enter a valid number.';
  if (from !== undefined && number < Number(from)) return `Enter a number that is at least ${String(from)}.`;
  return to !== undefined && number > Number(to)
    ? `Enter a number that is at most ${String(to)}.`
    : undefined;
}

/** What keeps a modal from being sent, by block id. */
export function complaints(blocks: readonly Block[], values: FieldsByBlock): Record<string, string> {
  const found: Record<string, string> = {};
  for (const block of blocks.filter((one) => one.type === 'input')) {
    const { element } = block;
    const blockId = String(block.block_id);
    const field = isRecord(element) ? values[blockId]?.[String(element.action_id)] : undefined;
    const filled = field !== undefined && isFilled(field);
    const words = !filled
      ? block.optional === true
        ? undefined
        : REQUIRED
      : about(isRecord(element) ? element : {}, field);
    if (words !== undefined) found[blockId] = words;
  }
  return found;
}
