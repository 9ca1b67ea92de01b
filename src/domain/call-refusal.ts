// Why a call over HTTP is refused, in the audit trail's words.

export const CALL_REFUSALS = [
  'several_people',
  'role',
  'origin',
  '413',
  '415',
  'invalid_request',
  'mistakes',
  'too_many',
  'too_slow',
  'brake_on',
  'busy',
  'over_quota',
  'second_person_required',
] as const;

export type CallRefusal = (typeof CALL_REFUSALS)[number];
