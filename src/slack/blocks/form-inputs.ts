// The inputs of the form, each filled in with what is given. A block is called as its field is.
import type { InputBlock, InputBlockElement } from '@slack/types';
import { epochSeconds, formatInstant, type Instant } from '../../domain/instant.ts';
import { MAX_PATTERN, MAX_REASON } from '../../domain/request.ts';
import type { Prefill } from './form-fit.ts';
import { customerOption, type Names, workflowOption } from './form-options.ts';
import { plainText } from './message.ts';

/** The fields whose options are searched in the database, by their action id. */
export const SEARCHES = {
  vendor_ids: 'retry_batch_vendor_ids',
  ramp_uuids: 'retry_batch_ramp_uuids',
} as const;

/** The blocks of the form: the request's fields, and where its dry run is posted. */
type FormField =
  | 'channel'
  | 'reason'
  | 'since'
  | 'until'
  | 'error_pattern'
  | 'vendor_ids'
  | 'ramp_uuids'
  | 'suppress_notifications'
  | 'force_retry';

const SUPPRESS = { text: plainText('Suppress: customers hear nothing'), value: 'suppress' };
const SEND = { text: plainText('Send: webhooks and e-mails go to customers'), value: 'send' };
const FORCE = {
  text: plainText('Replay config errors too'),
  description: plainText('For debugging only: force_retry'),
  value: 'force',
};

/** Where the dry run is posted: begins with the channel that one looks at. */
export function channelChoice(): InputBlock {
  return input('channel', 'Post in', false, {
    type: 'conversations_select',
    default_to_current_conversation: true,
    filter: {
      include: ['public', 'private'],
      exclude_bot_users: true,
      exclude_external_shared_channels: true,
    },
  });
}

export function reason({ reason: given }: Prefill): InputBlock {
  return text('reason', 'Reason', given, MAX_REASON, "The incident's key or words, for the record");
}

export function errorText({ error_pattern: given }: Prefill): InputBlock {
  const hint = "In the last error's message, exactly as it is there. Empty: every error";
  return text('error_pattern', 'Error text', given, MAX_PATTERN, hint);
}

export function window({ since, until }: Prefill): InputBlock[] {
  return [
    moment('since', 'Since', false, since, 'In your time zone'),
    moment('until', 'Until', true, until, 'In your time zone. Empty: until now'),
  ];
}

function moment(
  field: FormField,
  label: string,
  optional: boolean,
  instant: Instant | null | undefined,
  hint: string,
): InputBlock {
  const isFine = instant != null && !instant.endsWith(':00.000000Z');
  const exact = isFine
    ? `. Given as ${formatInstant(instant)}: that stays, unless you pick another time`
    : '';
  const element = {
    type: 'datetimepicker',
    ...(instant == null ? {} : { initial_date_time: epochSeconds(instant) }),
  } as const;
  return input(field, label, optional, element, `${hint}${exact}`);
}

function text(
  field: FormField,
  label: string,
  value: string | null | undefined,
  most: number,
  hint: string,
): InputBlock {
  const element = {
    type: 'plain_text_input',
    max_length: most,
    ...(value == null ? {} : { initial_value: value }),
  } as const;
  return input(field, label, true, element, hint);
}

export function customers({ vendor_ids: ids }: Prefill, { customers: known }: Names): InputBlock {
  const options = (ids ?? []).map((id) => customerOption({ id, name: known.get(id)?.name ?? null }));
  return search('vendor_ids', 'Customers', 'All customers', options);
}

export function workflows({ ramp_uuids: uuids }: Prefill, { workflows: known }: Names): InputBlock {
  const options = (uuids ?? []).map((uuid) =>
    workflowOption(known.get(uuid) ?? { uuid, name: null, customer: null }),
  );
  return search('ramp_uuids', 'Workflows', 'All workflows', options);
}

function search(
  field: keyof typeof SEARCHES,
  label: string,
  placeholder: string,
  options: ReturnType<typeof customerOption>[],
): InputBlock {
  const element = {
    type: 'multi_external_select',
    min_query_length: 1,
    placeholder: plainText(placeholder),
    ...(options.length === 0 ? {} : { initial_options: options }),
  } as const;
  return input(field, label, true, element, 'Type a part of the name');
}

export function notifications({ suppress_notifications: quiet = true }: Prefill): InputBlock {
  return input('suppress_notifications', 'Notifications to customers', false, {
    type: 'radio_buttons',
    options: [SUPPRESS, SEND],
    initial_option: quiet ? SUPPRESS : SEND,
  });
}

export function force({ force_retry: forced = false }: Prefill): InputBlock {
  return input('force_retry', 'Force', true, {
    type: 'checkboxes',
    options: [FORCE],
    ...(forced ? { initial_options: [FORCE] } : {}),
  });
}

function input(
  field: FormField,
  label: string,
  optional: boolean,
  element: InputBlockElement,
  hint?: string,
): InputBlock {
  return {
    type: 'input',
    block_id: field,
    label: plainText(label),
    optional,
    element: { ...element, action_id: `retry_batch_${field}` },
    ...(hint === undefined ? {} : { hint: plainText(hint) }),
  };
}
