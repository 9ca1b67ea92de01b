// What somebody put into the form, as a request's fields; and the mistakes that can be told without the database, at the
// fields they are about.
import { z } from 'zod';
import { epochSeconds, formatInstant, instantOf } from '../../domain/instant.ts';
import { parseRequest, type RequestIssue } from '../../domain/request.ts';
import { capital } from '../../text/beginning.ts';
import type { FormMetadata } from '../blocks/form-metadata.ts';

const option = z.object({ value: z.string() });

/** One input, whichever it is; what is empty is null. */
const input = z.object({
  value: z.string().nullish(),
  selected_date_time: z.number().nullish(),
  selected_option: option.nullish(),
  selected_options: z.array(option).nullish(),
  selected_conversation: z.string().nullish(),
});

/** `state.values` of the form: block, then action. */
export const formState = z.object({ values: z.record(z.string(), z.record(z.string(), input)) });

type Input = z.output<typeof input>;
export type FormState = z.output<typeof formState>;

/** What an empty or missing input holds. */
const EMPTY: Input = {};

function inputIn({ values }: FormState, block: string): Input {
  return Object.hasOwn(values, block) ? (Object.values(values[block] ?? {})[0] ?? EMPTY) : EMPTY;
}

/** The channel that was picked; null where none was. */
export function channelIn(state: FormState): string | null {
  return inputIn(state, 'channel').selected_conversation ?? null;
}

/** The request's fields as somebody would write them as JSON; what is kept is not among them. */
export function fieldsIn(state: FormState, metadata: FormMetadata): Record<string, unknown> {
  const fields: Record<string, unknown> = {};
  const put = (field: string, value: unknown) => {
    if (value !== undefined && !metadata.kept.includes(field)) fields[field] = value;
  };
  const reason = inputIn(state, 'reason').value?.trim();
  put('reason', reason === '' ? undefined : reason);
  put('since', moment(inputIn(state, 'since'), metadata.since));
  put('until', moment(inputIn(state, 'until'), metadata.until));
  put('error_pattern', inputIn(state, 'error_pattern').value || undefined);
  const ids = picked(inputIn(state, 'vendor_ids'));
  put('vendor_ids', ids?.map(Number));
  put('ramp_uuids', picked(inputIn(state, 'ramp_uuids')));
  put('suppress_notifications', inputIn(state, 'suppress_notifications').selected_option?.value !== 'send');
  put('force_retry', picked(inputIn(state, 'force_retry')) !== undefined);
  return fields;
}

/** A picker knows whole minutes: what it began with and nobody touched stays what was given. */
function moment({ selected_date_time: seconds }: Input, given: FormMetadata['since']): string | undefined {
  if (seconds == null) return undefined;
  if (given !== null && epochSeconds(given) === seconds) return formatInstant(given);
  return formatInstant(instantOf(seconds * 1000));
}

function picked({ selected_options: options }: Input): string[] | undefined {
  return options == null || options.length === 0 ? undefined : options.map(({ value }) => value);
}

/** What stands for a field that is kept, so that the rules between fields can be applied without the database. */
const STAND_INS: Readonly<Record<string, unknown>> = {
  execution_uuids: ['00000000-0000-0000-0000-000000000000'],
  rest_of: '00000000',
  since: '0001-01-01T00:00:00Z',
};

/** The mistakes in fields that are on the form, by block. `blocks` are the inputs that it has. */
export function mistakesAt(
  fields: Readonly<Record<string, unknown>>,
  { kept }: FormMetadata,
  blocks: readonly string[],
): Record<string, string> {
  const standIns = kept.filter((field) => Object.hasOwn(STAND_INS, field));
  const parsed = parseRequest({
    ...Object.fromEntries(standIns.map((field) => [field, STAND_INS[field]])),
    ...fields,
  });
  if (parsed.kind === 'request') return {};
  const at: Record<string, string> = {};
  for (const issue of parsed.issues) {
    const block = blocks.includes(issue.path) ? issue.path : blocks[0];
    if (block !== undefined && at[block] === undefined) at[block] = asWords(issue, block);
  }
  return at;
}

/** `must be before until`, under the field that it is about: `Must be before until.` */
function asWords({ path, message }: RequestIssue, block: string): string {
  const sentence = block === path ? message : `${path} ${message}`;
  return `${capital(sentence)}.`;
}
