// What people decide about a batch, in the audit trail's words.

/** What somebody may try to do with a batch. */
export const DECISIONS = [
  'approve',
  'cancel',
  'change',
  'ask_for_approval',
  'pause',
  'resume',
  'stop',
  'continue',
  'retry_held',
  'send_owed',
] as const;

export type Decision = (typeof DECISIONS)[number];
