// Slack user → what Slack says of them now. Who they are in OnRamp is the engine's to look up.
import { minutesToMilliseconds } from 'date-fns/minutesToMilliseconds';
import type { Refusal } from '../../domain/refusal.ts';
import type { Person } from '../../engine/decide/authorize.ts';
import { callSlack, type SlackClients } from '../clients.ts';

/** The workspace that is served, once Slack has said which one the token is of. */
export type Workspace = { readonly teamId: string; readonly enterpriseId: string | null };

/** Who sent a payload: the ids of its signed body. */
export type Sender = { readonly teamId: string; readonly userId: string };

export type Directory = {
  /** The sender with what speaks against them; asked of Slack at most every 15 minutes. */
  person(sender: Sender, workspace: Workspace | undefined): Promise<Person>;
};

const FRESH_MS = minutesToMilliseconds(15);
const MAX_PEOPLE = 5000;

/** Looks people up; remembers what Slack said of each for 15 minutes, in this process. */
export function createDirectory(clients: SlackClients, now: () => number): Directory {
  const known = new Map<string, { standing: Refusal | null; at: number }>();
  const standingOf = async (sender: Sender): Promise<Refusal | null> => {
    const key = `${sender.teamId}/${sender.userId}`;
    const remembered = known.get(key);
    if (remembered && now() - remembered.at < FRESH_MS) return remembered.standing;
    const asked = await callSlack(() => clients.ask.users.info({ user: sender.userId }));
    if (asked.kind === 'failed') {
      const { failure } = asked;
      if (failure.kind === 'refused' && NOT_OURS.has(failure.error)) return { kind: 'other_organisation' };
      return { kind: 'slack_unreachable' };
    }
    const standing = judge(asked.value.user ?? {});
    known.delete(key);
    known.set(key, { standing, at: now() });
    for (const oldest of known.keys()) {
      if (known.size <= MAX_PEOPLE) break;
      known.delete(oldest);
    }
    return standing;
  };
  return {
    person: async (sender, workspace) => {
      if (workspace === undefined) return { ...sender, standing: { kind: 'slack_unreachable' } };
      const ours = sender.teamId === workspace.teamId || sender.teamId === workspace.enterpriseId;
      if (!ours) return { ...sender, standing: { kind: 'other_organisation' } };
      return { ...sender, standing: await standingOf(sender) };
    },
  };
}

/** What Slack answers for people that this workspace can't see. */
const NOT_OURS = new Set(['user_not_found', 'user_not_visible']);

type Flags = {
  readonly deleted?: boolean;
  readonly is_bot?: boolean;
  readonly is_restricted?: boolean;
  readonly is_ultra_restricted?: boolean;
  readonly is_stranger?: boolean;
  readonly is_invited_user?: boolean;
};

function judge(flags: Flags): Refusal | null {
  if (flags.is_stranger) return { kind: 'other_organisation' };
  if (flags.deleted) return { kind: 'deactivated' };
  if (flags.is_bot) return { kind: 'bot' };
  if (flags.is_restricted || flags.is_ultra_restricted || flags.is_invited_user) return { kind: 'guest' };
  return null;
}
