// What an enemy inside the workspace or the process would need.
import type { Guard } from './guard.ts';

const GRANTS = 'test/store/grants.test.ts';

export const OF_SECURITY: readonly Guard[] = [
  {
    guard: 'the bot’s role writes nothing that the owner’s session executes',
    patch: 'queue-grants.patch',
    file: GRANTS,
    test: 'it is refused: insert into retry_batch_queue.bam',
  },
  {
    guard: 'an upgrade takes back what the release before gave',
    patch: 'grants-revoke.patch',
    file: GRANTS,
    test: 'an upgrade takes back',
  },
  {
    guard: 'an event has the role that wrote it',
    patch: 'event-stamp.patch',
    file: GRANTS,
    test: 'has the time and the role that the database knows',
  },
  {
    guard: 'what the owner says, the bot’s role can’t',
    patch: 'owners-events.patch',
    file: GRANTS,
    test: 'it is refused: insert into retry_batch.events \\(action, actor\\) values',
  },
  {
    guard: 'a session of the owner’s looks for nothing where others may create',
    patch: 'owner-path.patch',
    file: GRANTS,
    test: 'a session of the owner',
  },
  {
    guard: 'dry runs take no connection that a decision needs',
    patch: 'planning-connections.patch',
    file: 'test/attacks/planning.test.ts',
    test: 'fifty dry runs at once',
  },
  {
    guard: 'the rows of the dry runs that wait are limited',
    patch: 'plan-quota.patch',
    file: 'test/attacks/planning.test.ts',
    test: 'may have so many rows of one person',
  },
  {
    guard: 'two accounts of one person are one person',
    patch: 'second-person-user.patch',
    file: 'test/attacks/second-person.test.ts',
    test: 'two Slack accounts of one OnRamp user',
  },
  {
    guard: 'nor is a browser a second person',
    patch: 'second-person-session.patch',
    file: 'test/attacks/second-person.test.ts',
    test: 'a session may not execute',
  },
  {
    guard: 'a refusal says what was tried',
    patch: 'refused-verb.patch',
    file: 'test/attacks/audit.test.ts',
    test: 'a refused stop says so',
  },
  {
    guard: 'a terminal is sent no escape code',
    patch: 'terminal.patch',
    file: 'test/attacks/terminal.test.ts',
    test: 'shows a name with escape codes',
  },
  {
    guard: 'masking costs time by the length',
    patch: 'linear-masking.patch',
    file: 'test/text/secrets.test.ts',
    test: 'masking costs time by the length',
  },
  {
    guard: 'a plan keeps so much of a log and no more',
    patch: 'log-cut.patch',
    file: 'test/attacks/long-errors.test.ts',
    test: 'of an error of a megabyte',
  },
  {
    guard: 'a long list lets others have their turn',
    patch: 'breath.patch',
    file: 'test/text/breath.test.ts',
    test: 'between the rows of a file',
  },
  {
    guard: 'a delivery is known by its body',
    patch: 'delivery-key.patch',
    file: 'test/attacks/deliveries.test.ts',
    test: 'a signature that is written in another way',
  },
  {
    guard: 'a hanging customer delays no other',
    patch: 'customer-cap.patch',
    file: 'test/attacks/deliveries.test.ts',
    test: 'a customer whose server never answers',
  },
  {
    guard: 'a page of another site is another site’s',
    patch: 'cross-site.patch',
    file: 'test/attacks/guessing.test.ts',
    test: 'a page of another site',
  },
];
