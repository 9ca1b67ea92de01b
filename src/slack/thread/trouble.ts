// What it means that Slack did not show something: whether it may stand there all the same, and whether trying again
// can help by itself.
import type { SlackFailure } from '../clients.ts';

/** Slack could not show something; the thread is tried again later. */
export class ThreadTrouble extends Error {
  readonly code = 'thread_trouble';
  readonly failure: SlackFailure;

  constructor(failure: SlackFailure) {
    super(failure.kind === 'refused' ? failure.error : failure.kind);
    this.name = 'ThreadTrouble';
    this.failure = failure;
  }
}

/** The message that the thread hangs on was deleted: nothing can be shown of the batch there any more. */
export class ThreadGone extends ThreadTrouble {
  constructor() {
    // What Slack says, or would say, of such a thread.
    super({ kind: 'refused', error: 'thread_not_found' });
    this.name = 'ThreadGone';
  }
}

/** Slack had no such thread and put the reply into the channel: so it answers for one that is gone. */
export class Stray extends ThreadGone {
  /** The message that stands where it does not belong. */
  readonly ts: string;

  constructor(ts: string) {
    super();
    this.name = 'Stray';
    this.ts = ts;
  }
}

/** The process is to end: what it has not sent yet is the next one's to show. */
export class Stopping extends Error {
  constructor() {
    super('the process stops');
    this.name = 'Stopping';
  }
}

/** Slack's own troubles: they pass, and Slack says of them that some of the call may have succeeded. */
const PASSING = new Set([
  'internal_error',
  'fatal_error',
  'request_timeout',
  'service_unavailable',
  'update_failed',
  'file_update_failed',
]);

/** Slack's answers to what comes at a bad moment; nothing of it took effect. */
const LATER = new Set([
  'rate_limited',
  'accesslimited',
  // Too many messages in the workspace, whoever sends them.
  'message_limit_exceeded',
  // A workspace moves into an organisation, or a channel to another one: for hours at most.
  'team_added_to_org',
  'org_login_required',
  'external_channel_migrating',
]);

/** Whether Slack refused with a trouble of its own, which may or may not have to do with what it was sent. */
export function isSlacksOwn(failure: SlackFailure): boolean {
  return failure.kind === 'refused' && PASSING.has(failure.error);
}

/** Whether what was sent may have taken effect although nobody confirmed it. */
export function mayHaveTakenEffect(failure: SlackFailure): boolean {
  switch (failure.kind) {
    case 'rate_limited':
      return false;
    case 'unreachable':
      return failure.sent;
    case 'refused':
      return PASSING.has(failure.error);
  }
}

/** A limit of so many seconds is Slack's pace and no trouble: under it a long run is still told step by step. */
export const MOMENT_SECONDS = 30;

/** Whether a thread is held up by it for longer than a moment, as far as one can tell. */
export function holdsUp(failure: SlackFailure): boolean {
  return failure.kind !== 'rate_limited' || failure.retryAfterSeconds > MOMENT_SECONDS;
}

/** Whether Slack refuses until a person changes something: the channel, the thread, the app. */
export function isForGood(failure: SlackFailure): boolean {
  return failure.kind === 'refused' && !PASSING.has(failure.error) && !LATER.has(failure.error);
}
