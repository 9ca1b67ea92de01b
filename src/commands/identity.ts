// npm run identity: who in Slack is whom in OnRamp. Only a mapped ONRAMP_ADMIN may approve a run.
import {
  listMappings,
  type MappedAs,
  type Mapping,
  mapIdentity,
  revokeIdentity,
} from '../store/identities.ts';
import { type CommandContext, runCommand, UsageError } from './run-command.ts';
import { type Column, table } from './table.ts';
import { columns } from './terminal.ts';

const COLUMNS: readonly Column<Mapping>[] = [
  { head: 'in Slack', cell: ({ slackTeamId, slackUserId }) => `${slackTeamId}/${slackUserId}` },
  { head: 'in OnRamp', cell: ({ name, email }) => (name === '' ? email : `${name} <${email}>`), atLeast: 20 },
  {
    head: 'may approve',
    cell: ({ active, admin }) => (active && admin ? 'yes' : active ? 'no, not ONRAMP_ADMIN' : 'no, inactive'),
    style: ({ active, admin }) => (active && admin ? 'green' : 'yellow'),
  },
  { head: 'mapped on', cell: ({ mappedAt }) => mappedAt.slice(0, 10), leaveOut: 1 },
  { head: 'by', cell: ({ mappedBy }) => mappedBy, atLeast: 12, leaveOut: 2 },
];

await runCommand(async (context) => {
  const [verb, ...rest] = context.words;
  switch (verb) {
    case 'map':
      return map(context, rest);
    case 'revoke':
      return revoke(context, rest);
    case 'list':
      return list(context, rest);
    default:
      throw new UsageError(verb === undefined ? 'identity: say what to do' : `identity: there is no ${verb}`);
  }
}, 'owner');

async function map({ db, by, print }: CommandContext, words: readonly string[]): Promise<number> {
  const { person, rest } = readPerson(words);
  const [email, ...more] = rest;
  if (email === undefined || more.length > 0)
    throw new UsageError('identity map: give TEAM_ID USER_ID EMAIL');
  const result = await db.transaction((tx) => mapIdentity(tx, person, email, by));
  const warnOf = (elsewhere: readonly MappedAs[]) => {
    for (const { teamId, user } of elsewhere) {
      print(
        `Careful: ${teamId}/${person.userId} is ${user.email}. Where both ids are of one organisation, that person is refused until one of the two is revoked.`,
      );
    }
  };
  switch (result.kind) {
    case 'no_such_user':
      print(`There is no OnRamp user with the e-mail ${email}; nothing was changed.`);
      return 1;
    case 'unchanged':
      print(`${person.teamId}/${person.userId} is mapped to ${email} already.`);
      warnOf(result.elsewhere);
      return 0;
    case 'mapped':
      print(
        `${person.teamId}/${person.userId} is now ${email}${result.replaced === null ? '' : `, no longer ${result.replaced}`}.`,
      );
      warnOf(result.elsewhere);
      return 0;
  }
}

async function revoke({ db, by, print }: CommandContext, words: readonly string[]): Promise<number> {
  const { person, rest } = readPerson(words);
  if (rest.length > 0) throw new UsageError('identity revoke: give TEAM_ID USER_ID');
  const result = await db.transaction((tx) => revokeIdentity(tx, person, by));
  if (result.kind === 'none') {
    print(`${person.teamId}/${person.userId} is mapped to nobody; nothing was changed.`);
    return 1;
  }
  print(`${person.teamId}/${person.userId} is no longer ${result.email}.`);
  return 0;
}

async function list({ db, print }: CommandContext, words: readonly string[]): Promise<number> {
  if (words.length > 0) throw new UsageError('identity list: takes no more words');
  const mappings = await listMappings(db);
  if (mappings.length === 0) print('Nobody is mapped yet: nobody can approve.');
  for (const line of table(COLUMNS, mappings, columns())) print(line);
  return 0;
}

function readPerson(words: readonly string[]) {
  const [teamId, userId, ...rest] = words;
  if (!teamId || !/^[TE][A-Z0-9]+$/.test(teamId))
    throw new UsageError('identity: TEAM_ID looks like T0123ABCD, or like E0123ABCD for an organisation');
  if (!userId || !/^[UW][A-Z0-9]+$/.test(userId))
    throw new UsageError('identity: USER_ID looks like U0123ABCD');
  return { person: { teamId, userId }, rest };
}
