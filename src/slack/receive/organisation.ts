// Who is one person: a user id within an organisation. On an Enterprise Grid a payload may name the workspace that it
// comes from, the person's home workspace, the organisation, or less; whichever it is, the person is the same.
import type { SlackPerson } from '../../domain/person.ts';

/** Who sent a payload: the ids of its signed body. It may name their home workspace, their organisation, or neither. */
export type Sender = { readonly teamId?: string | undefined; readonly userId: string };

/** Where somebody is at home, as Slack says it, whatever a payload says. */
export type Home = {
  readonly teamId: string | null;
  readonly enterpriseId: string | null;
  readonly workspaces: readonly string[];
};

/**
 * What is served, once Slack has said whose the token is. `teamId` is the workspace's id or, where all of an
 * organisation's workspaces are served, the organisation's; `enterpriseId` null outside an Enterprise Grid.
 */
export type Workspace = { readonly teamId: string; readonly enterpriseId: string | null };

/** The ids that a delivery names: the workspace that it comes through, and the organisation that has installed the app. */
export type Origin = { readonly teamId: string | undefined; readonly enterpriseId: string | undefined };

/** What Slack says of the token, and what SLACK_TEAM_ID says. */
export type Installed = {
  readonly ownTeamId: string;
  readonly enterpriseId: string | null;
  readonly orgWide: boolean;
  readonly wantedTeamId: string | undefined;
};

/** What is served: what is wanted, else the token's own workspace, or all of them where its own is an organisation. */
export function servedBy({ ownTeamId, enterpriseId, orgWide, wantedTeamId }: Installed): Workspace {
  // Slack gives an organisation's id for the team of a token that is all of its workspaces'.
  const organisation = enterpriseId ?? (isOrganisation(ownTeamId) ? ownTeamId : null);
  const own = orgWide && organisation !== null ? organisation : ownTeamId;
  return { teamId: wantedTeamId ?? own, enterpriseId: organisation };
}

/** Whether SLACK_TEAM_ID can't be meant: it is not the token's workspace, its organisation, or one that this may serve. */
export function isSlip({ ownTeamId, orgWide, wantedTeamId }: Installed, served: Workspace): boolean {
  if (wantedTeamId === undefined || wantedTeamId === ownTeamId || wantedTeamId === served.enterpriseId)
    return false;
  return !orgWide || isOrganisation(wantedTeamId);
}

/** Whether a delivery comes from a workspace or an organisation that is not served. */
export function isFromElsewhere(served: Workspace, origin: Origin, sender: Sender | undefined): boolean {
  const { teamId, enterpriseId } = origin;
  const ours = [served.teamId, served.enterpriseId];
  // The organisation that SLACK_TEAM_ID names is not the token's.
  if (isOrganisation(served.teamId) && served.teamId !== served.enterpriseId) return true;
  if (enterpriseId !== undefined && served.enterpriseId !== null && enterpriseId !== served.enterpriseId)
    return true;
  if (teamId === undefined) {
    // Sent to an organisation-wide installation: the organisation is named instead, or at least the sender's home.
    const namesNobody = sender !== undefined && sender.teamId === undefined;
    return namesNobody && (enterpriseId === undefined || !ours.includes(enterpriseId));
  }
  return served.teamId !== served.enterpriseId && !ours.includes(teamId);
}

/** Whether the payload itself puts the sender into another organisation. A workspace of a Grid is for Slack to tell. */
export function namesAnother({ teamId, enterpriseId }: Workspace, sender: Sender): boolean {
  const named = sender.teamId;
  if (named === undefined || named === teamId || named === enterpriseId) return false;
  return enterpriseId === null || isOrganisation(named);
}

/** Whether Slack says that somebody belongs to another organisation; where it says nothing, what the payload says. */
export function isForeigner(served: Workspace, sender: Sender, home: Home): boolean {
  const team = home.teamId ?? sender.teamId;
  if (served.enterpriseId !== null && home.enterpriseId !== null)
    return home.enterpriseId !== served.enterpriseId;
  return team !== served.teamId && team !== served.enterpriseId;
}

/** A person of ours, as mappings and audit trail name them. */
export function nameIn(served: Workspace, userId: string, home: Home): SlackPerson {
  const { teamId, enterpriseId } = served;
  if (enterpriseId === null) return { teamId, userId };
  const own = home.teamId === null || isOrganisation(home.teamId) ? [] : [home.teamId];
  const workspaces = teamId === enterpriseId ? [...new Set([...own, ...home.workspaces])] : [teamId];
  return { teamId: enterpriseId, userId, workspaces };
}

/** Somebody of elsewhere, or of nobody knows where, as far as one can tell. */
export function nameOfForeigner(sender: Sender, home: Home): SlackPerson {
  return {
    teamId: home.enterpriseId ?? home.teamId ?? sender.teamId ?? 'unknown',
    userId: sender.userId,
  };
}

function isOrganisation(id: string): boolean {
  return id.startsWith('E');
}
