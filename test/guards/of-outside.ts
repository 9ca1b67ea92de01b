// What databases, callers, receivers and containers may do to the bot.
import type { Guard } from './guard.ts';

const REFUSED = 'test/http/refused-rows.test.ts';
const SETTINGS = 'test/durability/settings.test.ts';

export const OF_OUTSIDE: readonly Guard[] = [
  {
    guard: 'a COMMIT that rolled back is not taken for one',
    patch: 'commit-answer.patch',
    file: 'test/postgres/together.test.ts',
    test: 'is not taken for committed, however quietly',
  },
  {
    guard: 'webhooks reach no private address',
    patch: 'private-address.patch',
    file: 'test/notify/guarded-lookup.test.ts',
    test: 'leaves out the private ones of a name that has both',
  },
  {
    guard: 'the brake stops before the next replay',
    patch: 'brake.patch',
    file: 'test/http/brake.test.ts',
    test: 'pulled in the middle lets the replay in hand finish',
  },
  {
    guard: 'so many refusals of one address wait',
    patch: 'guesses-wait.patch',
    file: 'test/http/slowdown.test.ts',
    test: 'has forty refusals wait at most',
  },
  {
    guard: 'no password goes over a line in clear',
    patch: 'smtp-tls.patch',
    file: 'test/notify/email.test.ts',
    test: 'gets neither the password',
  },
  {
    guard: 'of a field that is given twice none wins',
    patch: 'field-twice.patch',
    file: 'test/http/body.test.ts',
    test: 'is refused by its name, whichever was meant',
  },
  {
    guard: 'an address in the log is an address',
    patch: 'stranger-address.patch',
    file: 'test/http/stranger.test.ts',
    test: 'what a stranger sent',
  },
  {
    guard: 'whoever stops npm stops the bot',
    patch: 'start-exec.patch',
    file: 'test/durability/npm-start.test.ts',
    test: 'SIGTERM to npm stops the bot in order',
  },
  {
    guard: 'a connection asks for the settings that the bot relies on',
    patch: 'session-settings.patch',
    file: SETTINGS,
    test: 'every kind of connection has what the bot relies on',
  },
  {
    guard: 'a setting that can’t be had ends the start',
    patch: 'session-refused.patch',
    file: SETTINGS,
    test: 'that only the operator may change: default_transaction_read_only',
  },
  {
    guard: 'a table whose rows are hidden ends the start',
    patch: 'hidden-rows.patch',
    file: 'test/store/row-security.test.ts',
    test: 'a table without a policy is named',
  },
  {
    guard: 'a time without a zone ends the start',
    patch: 'column-types.patch',
    file: 'test/store/column-types.test.ts',
    test: 'or_ramp_executions.created_at as timestamp is named',
  },
  {
    guard: 'a row that the database refuses lets others have their turn',
    patch: 'refused-noted.patch',
    file: REFUSED,
    test: 'rows refused by a deferred constraint',
  },
  {
    guard: '… and so does a failure that OnRamp’s history leaves out',
    patch: 'failure-noted.patch',
    file: REFUSED,
    test: 'rows whose failure OnRamp keeps out of its history',
  },
  {
    guard: '… and a row that took its process along',
    patch: 'begun-noted.patch',
    file: REFUSED,
    test: 'a row that took the process or its database along',
  },
  {
    guard: 'a password that ends the host of a URL is pointed out',
    patch: 'raw-password.patch',
    file: 'test/config-mistakes.test.ts',
    test: 'is none, and says what to change',
  },
];
