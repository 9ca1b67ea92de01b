// Who can approve, for those who can't: mapped admins, unless Slack says something against them.
import { type Approver, approvers } from '../../store/identities.ts';
import { callSlack, type SlackClients } from '../clients.ts';
import type { SlackContext } from './context.ts';
import type { Workspace } from './organisation.ts';

/** Slack is asked about so many of them at most; what is said of the others is the database's word alone. */
const MOST_ASKED = 30;
/** Of a channel's members, so many pages are read. */
const PAGES = 5;

/** Those who could approve now, by name. Throws as `Tx.query` does. */
export async function whoCanApprove(context: SlackContext): Promise<Approver[]> {
  const workspace = context.workspace();
  const all = await approvers(context.ports.db.autocommit);
  const ours = workspace === undefined ? all : all.filter(({ teamId }) => isOurs(workspace, teamId));
  const asked = await Promise.all(
    ours.slice(0, MOST_ASKED).map(async (one) => {
      const { standing } = await context.directory.person({ userId: one.userId }, workspace);
      // That Slack can't be asked about somebody says nothing against them.
      return standing === null || standing.kind === 'slack_unreachable' ? [one] : [];
    }),
  );
  return [...asked.flat(), ...ours.slice(MOST_ASKED)];
}

/** In an organisation-wide installation a mapping may stand under any of its workspaces. */
function isOurs({ teamId, enterpriseId }: Workspace, mappedUnder: string): boolean {
  return teamId === enterpriseId || mappedUnder === teamId || mappedUnder === enterpriseId;
}

/** Without a person, and whoever is the same OnRamp user. */
export function besides(
  all: readonly Approver[],
  userId: string,
  onrampUserId: number | undefined,
): Approver[] {
  const own = all.find((one) => one.userId === userId)?.onrampUserId;
  return all.filter(
    (one) => one.userId !== userId && one.onrampUserId !== own && one.onrampUserId !== onrampUserId,
  );
}

/** Who reads a channel, by user ids; null where Slack does not say all of it. */
export async function membersOf(
  clients: SlackClients,
  channelId: string,
): Promise<ReadonlySet<string> | null> {
  const members = new Set<string>();
  let cursor = '';
  for (let page = 0; page < PAGES; page += 1) {
    const asked = await callSlack(() =>
      clients.ask.conversations.members({ channel: channelId, limit: 1000, ...(cursor && { cursor }) }),
    );
    if (asked.kind === 'failed') return null;
    for (const userId of asked.value.members ?? []) members.add(userId);
    cursor = asked.value.response_metadata?.next_cursor ?? '';
    if (cursor === '') return members;
  }
  return null;
}
