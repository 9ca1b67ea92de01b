// Who can approve, for those who can't: mapped admins, unless Slack says something against them.
import { type Approver, approvers } from '../../store/approvers.ts';
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
  const ours = await approvers(context.ports.db.autocommit, idsOf(workspace));
  const asked = await Promise.all(
    ours.slice(0, MOST_ASKED).map(async (one) => {
      const { standing } = await context.directory.person({ userId: one.userId }, workspace);
      // That Slack can't be asked about somebody says nothing against them.
      return standing === null || standing.kind === 'slack_unreachable' ? [one] : [];
    }),
  );
  return [...asked.flat(), ...ours.slice(MOST_ASKED)];
}

/** Under which ids a mapping counts; null where an organisation-wide installation has any of its workspaces. */
function idsOf(workspace: Workspace | undefined): string[] | null {
  if (workspace === undefined || workspace.teamId === workspace.enterpriseId) return null;
  return [workspace.teamId, workspace.enterpriseId].filter((id) => id !== null);
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
