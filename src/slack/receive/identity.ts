// Slack user → what Slack says of them now. Who they are in OnRamp is the engine's to look up.
import { minutesToMilliseconds } from 'date-fns/minutesToMilliseconds';
import type { Refusal } from '../../domain/refusal.ts';
import { remember } from '../../domain/remember.ts';
import type { Person } from '../../engine/decide/authorize.ts';
import { callSlack, type SlackClients } from '../clients.ts';
import {
  type Home,
  isForeigner,
  nameIn,
  nameOfForeigner,
  namesAnother,
  type Sender,
  type Workspace,
} from './organisation.ts';

export type Directory = {
  /** The sender with what speaks against them; asked of Slack at most every 15 minutes. */
  person(sender: Sender, workspace: Workspace | undefined): Promise<Person>;
};

type Known = { readonly standing: Refusal | null; readonly home: Home };

const FRESH_MS = minutesToMilliseconds(15);
const MAX_PEOPLE = 5000;

/** Looks people up; remembers what Slack said of each for 15 minutes, in this process. */
export function createDirectory(clients: SlackClients, now: () => number): Directory {
  const known = new Map<string, Known & { at: number }>();
  const ask = async (userId: string): Promise<Known> => {
    // The same id is the same person, in whichever workspace of the organisation.
    const remembered = known.get(userId);
    if (remembered && now() - remembered.at < FRESH_MS) return remembered;
    const asked = await callSlack(() => clients.ask.users.info({ user: userId }));
    if (asked.kind === 'failed') {
      const { failure } = asked;
      const unseen = failure.kind === 'refused' && NOT_OURS.has(failure.error);
      return { standing: { kind: unseen ? 'other_organisation' : 'slack_unreachable' }, home: NOWHERE };
    }
    const { user } = asked.value;
    if (user === undefined) return { standing: { kind: 'slack_unreachable' }, home: NOWHERE };
    const told = { standing: judge(user), home: homeOf(user) };
    remember(known, userId, { ...told, at: now() }, MAX_PEOPLE);
    return told;
  };
  return {
    person: async (sender, workspace) => {
      if (workspace === undefined)
        return { ...nameOfForeigner(sender, NOWHERE), standing: { kind: 'slack_unreachable' } };
      const foreign: Refusal = { kind: 'other_organisation' };
      if (namesAnother(workspace, sender)) return { ...nameOfForeigner(sender, NOWHERE), standing: foreign };
      const { standing, home } = await ask(sender.userId);
      if (standing?.kind === 'other_organisation') return { ...nameOfForeigner(sender, home), standing };
      if (standing?.kind !== 'slack_unreachable' && isForeigner(workspace, sender, home))
        return { ...nameOfForeigner(sender, home), standing: foreign };
      return { ...nameIn(workspace, sender.userId, home), standing };
    },
  };
}

/** What Slack answers for people that this workspace can't see. */
const NOT_OURS = new Set(['user_not_found', 'user_not_visible']);

const NOWHERE: Home = { teamId: null, enterpriseId: null, workspaces: [] };

type Flags = {
  readonly deleted?: boolean;
  readonly is_bot?: boolean;
  readonly is_workflow_bot?: boolean;
  readonly is_connector_bot?: boolean;
  readonly is_restricted?: boolean;
  readonly is_ultra_restricted?: boolean;
  readonly is_stranger?: boolean;
  readonly is_invited_user?: boolean;
};

function judge(flags: Flags): Refusal | null {
  if (flags.is_stranger) return { kind: 'other_organisation' };
  if (flags.deleted) return { kind: 'deactivated' };
  if (flags.is_bot || flags.is_workflow_bot || flags.is_connector_bot) return { kind: 'bot' };
  if (flags.is_restricted || flags.is_ultra_restricted || flags.is_invited_user) return { kind: 'guest' };
  return null;
}

type WithHome = {
  readonly team_id?: string;
  readonly enterprise_id?: string;
  readonly enterprise_user?: { readonly enterprise_id?: string; readonly teams?: readonly string[] };
};

function homeOf({ team_id, enterprise_id, enterprise_user }: WithHome): Home {
  return {
    teamId: team_id ?? null,
    enterpriseId: enterprise_user?.enterprise_id ?? enterprise_id ?? null,
    workspaces: enterprise_user?.teams ?? [],
  };
}
