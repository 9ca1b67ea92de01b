// Why somebody valid is told no. A refusal is a value that the engine and the listeners answer; the doors put
// it into words. It carries no more about anybody than the words need.
import type { Actor } from './audit.ts';
import type { BatchStatus } from './batch.ts';

export type Refusal =
  // who asks
  | { readonly kind: 'not_mapped'; readonly teamId: string; readonly userId: string }
  | { readonly kind: 'no_role'; readonly role: string }
  | { readonly kind: 'inactive' }
  | { readonly kind: 'deactivated' }
  | { readonly kind: 'guest' }
  | { readonly kind: 'bot' }
  | { readonly kind: 'other_organisation' }
  | { readonly kind: 'slack_unreachable' }
  | { readonly kind: 'second_person_required' }
  | { readonly kind: 'not_requester_or_admin'; readonly verb: 'cancel' | 'pause' | 'stop' }
  // what the batch allows
  | { readonly kind: 'unknown_batch' }
  | { readonly kind: 'nothing_eligible' }
  | { readonly kind: 'expired'; readonly at: Date }
  | { readonly kind: 'cancelled'; readonly by: Actor | null; readonly at: Date }
  | {
      readonly kind: 'already_decided';
      readonly status: BatchStatus;
      readonly by: Actor | null;
      readonly at: Date;
    }
  | { readonly kind: 'retry_over'; readonly at: Date }
  | { readonly kind: 'wrong_status'; readonly verb: string; readonly status: BatchStatus }
  | { readonly kind: 'brake_on' }
  // where it is asked
  | { readonly kind: 'wrong_workspace' }
  | { readonly kind: 'channel_shared' }
  | { readonly kind: 'channel_archived' }
  | { readonly kind: 'channel_not_allowed'; readonly allowed: readonly string[] }
  | { readonly kind: 'bot_not_in_channel' }
  // what can't be done at the moment, or not so large
  | { readonly kind: 'database_unreachable' }
  | { readonly kind: 'plan_too_large'; readonly rows: number | null; readonly limit: number }
  | { readonly kind: 'plan_took_too_long'; readonly seconds: number };

export type RefusalKind = Refusal['kind'];
