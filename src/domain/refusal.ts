// Why somebody valid is told no. A refusal is a value that the engine and the listeners answer; the doors put
// it into words. It carries no more about anybody than the words need.
import type { BatchStatus } from './batch.ts';
import type { Live } from './live.ts';
import type { Actor, OnrampUser } from './person.ts';

/** What the requester may do, too. */
export type HoldingBack = 'cancel' | 'pause' | 'stop' | 'change' | 'ask for approval of';

export type Refusal =
  // who asks
  | { readonly kind: 'not_mapped'; readonly teamId: string; readonly userId: string }
  | {
      readonly kind: 'mapped_twice';
      readonly userId: string;
      readonly mappings: readonly { readonly teamId: string; readonly user: OnrampUser }[];
    }
  | { readonly kind: 'no_role'; readonly role: string }
  | { readonly kind: 'inactive' }
  | { readonly kind: 'deactivated' }
  | { readonly kind: 'guest' }
  | { readonly kind: 'bot' }
  | { readonly kind: 'other_organisation' }
  | { readonly kind: 'slack_unreachable' }
  | { readonly kind: 'second_person_required' }
  | { readonly kind: 'not_requester_or_admin'; readonly verb: HoldingBack }
  /** Those who can approve were called for this batch, or for another one in its channel a moment ago. */
  | { readonly kind: 'called_already'; readonly at: Date }
  | { readonly kind: 'called_lately'; readonly until: Date; readonly channelId: string }
  | { readonly kind: 'nobody_to_call' }
  // what the batch allows
  | { readonly kind: 'unknown_batch' }
  | { readonly kind: 'nothing_eligible' }
  /** What it would replay was fixed by somebody else while it waited. */
  | { readonly kind: 'all_fixed'; readonly rows: number }
  /** The fix does not look live, and Approve was clicked as if it did. */
  | { readonly kind: 'not_live'; readonly live: Live }
  | { readonly kind: 'expired'; readonly at: Date }
  | { readonly kind: 'cancelled'; readonly by: Actor | null; readonly at: Date }
  | {
      readonly kind: 'already_decided';
      readonly status: BatchStatus;
      readonly by: Actor | null;
      readonly at: Date;
    }
  /** Planned for replays by `host`'s endpoint, or by the bot itself where it is null; this process makes them otherwise. */
  | { readonly kind: 'other_replayer'; readonly host: string | null; readonly status: BatchStatus }
  | { readonly kind: 'retry_over'; readonly at: Date }
  /** What it left is replayed by another batch. */
  | { readonly kind: 'rest_taken'; readonly by: string }
  /** The batch whose rest this is goes on itself. */
  | { readonly kind: 'rest_under_way'; readonly batchId: string; readonly status: BatchStatus }
  /** The same rest is asked for already in this channel, by this batch; null while that one is being planned. */
  | { readonly kind: 'rest_asked'; readonly batchId: string | null; readonly channelId: string }
  /** There is no channel to post its dry run in: the batch has none, and the click came from none. */
  | { readonly kind: 'rest_nowhere'; readonly batchId: string }
  /** The form was sent before: this is its dry run; null while that one is being planned. */
  | { readonly kind: 'form_sent'; readonly batchId: string | null }
  /** The form is of yesterday, or somebody else's. */
  | { readonly kind: 'form_gone' }
  // what a reading allows
  | { readonly kind: 'reading_gone'; readonly minutes: number }
  | { readonly kind: 'reading_not_theirs' }
  /** By this batch; null while that one is being planned. */
  | { readonly kind: 'reading_used'; readonly batchId: string | null }
  | { readonly kind: 'wrong_status'; readonly verb: string; readonly status: BatchStatus }
  | { readonly kind: 'brake_on' }
  // what a run owes its customers
  /** The run told its customers itself. */
  | { readonly kind: 'nothing_owed' }
  /** The application makes the replays, and tells. */
  | { readonly kind: 'owed_elsewhere' }
  | { readonly kind: 'owed_over'; readonly at: Date }
  | { readonly kind: 'second_person_sends' }
  /** What was shown is of yesterday, or was shown to somebody else. */
  | { readonly kind: 'owed_choice_gone' }
  | { readonly kind: 'owed_choice_sent'; readonly at: Date }
  // where it is asked
  | { readonly kind: 'wrong_workspace' }
  | { readonly kind: 'channel_shared'; readonly channelId: string }
  | { readonly kind: 'channel_archived'; readonly channelId: string }
  | {
      readonly kind: 'channel_not_allowed';
      readonly channelId: string;
      readonly allowed: readonly string[];
    }
  | { readonly kind: 'bot_not_in_channel'; readonly channelId: string }
  | { readonly kind: 'direct_message' }
  // what can't be done at the moment, or not so large
  | { readonly kind: 'database_unreachable' }
  | { readonly kind: 'plan_too_large'; readonly rows: number | null; readonly limit: number }
  | { readonly kind: 'plan_took_too_long'; readonly seconds: number }
  | { readonly kind: 'plan_busy'; readonly whose: 'own' | 'all' }
  | {
      readonly kind: 'plan_over_quota';
      readonly whose: 'own' | 'all';
      readonly rows: number;
      readonly limit: number;
      readonly waiting: readonly { readonly batchId: string; readonly rows: number }[];
    };

export type RefusalKind = Refusal['kind'];

const KINDS: Readonly<Record<RefusalKind, true>> = {
  not_mapped: true,
  mapped_twice: true,
  no_role: true,
  inactive: true,
  deactivated: true,
  guest: true,
  bot: true,
  other_organisation: true,
  slack_unreachable: true,
  second_person_required: true,
  not_requester_or_admin: true,
  called_already: true,
  called_lately: true,
  nobody_to_call: true,
  unknown_batch: true,
  nothing_eligible: true,
  all_fixed: true,
  not_live: true,
  expired: true,
  cancelled: true,
  already_decided: true,
  other_replayer: true,
  retry_over: true,
  rest_taken: true,
  rest_under_way: true,
  rest_asked: true,
  rest_nowhere: true,
  form_sent: true,
  form_gone: true,
  reading_gone: true,
  reading_not_theirs: true,
  reading_used: true,
  wrong_status: true,
  brake_on: true,
  nothing_owed: true,
  owed_elsewhere: true,
  owed_over: true,
  second_person_sends: true,
  owed_choice_gone: true,
  owed_choice_sent: true,
  wrong_workspace: true,
  channel_shared: true,
  channel_archived: true,
  channel_not_allowed: true,
  bot_not_in_channel: true,
  direct_message: true,
  database_unreachable: true,
  plan_too_large: true,
  plan_took_too_long: true,
  plan_busy: true,
  plan_over_quota: true,
};

/** Whether `text` is one of the kinds, exactly. */
export function isRefusalKind(text: string): text is RefusalKind {
  return Object.hasOwn(KINDS, text);
}
