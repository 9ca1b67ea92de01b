// npm run identity: who in Slack is whom in OnRamp. Only a mapped ONRAMP_ADMIN may approve a run.
import { listMappings, type MappedAs, mapIdentity, revokeIdentity } from '../store/identities.ts';
import { type CommandContext, runCommand, UsageError } from './run-command.ts';

const USAGE_TEXT = `Usage:
  npm run identity -- map TEAM_ID USER_ID EMAIL   map a Slack person to the OnRamp user with this e-mail
  npm run identity -- revoke TEAM_ID USER_ID      end the mapping
  npm run identity -- list                        every live mapping, and whether it may approve
TEAM_ID is the workspace's (T…); on an Enterprise Grid better the organisation's (E…), which is good in all its workspaces.`;

await runCommand(
  USAGE_TEXT,
  async (context) => {
    const [verb, ...rest] = context.words;
    switch (verb) {
      case 'map':
        return map(context, rest);
      case 'revoke':
        return revoke(context, rest);
      case 'list':
        return list(context);
      default:
        throw new UsageError(
          verb === undefined ? 'identity: say what to do' : `identity: there is no ${verb}`,
        );
    }
  },
  'owner',
);

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

async function list({ db, print }: CommandContext): Promise<number> {
  const mappings = await listMappings(db);
  if (mappings.length === 0) print('Nobody is mapped yet: nobody can approve.');
  for (const one of mappings) {
    const may = one.active && one.admin ? 'may approve' : one.active ? 'not ONRAMP_ADMIN' : 'inactive';
    print(
      `${one.slackTeamId}/${one.slackUserId}  ${one.email}  ${may}  mapped by ${one.mappedBy} on ${one.mappedAt.slice(0, 10)}`,
    );
  }
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
