// Who may do what to a batch, looked up at the moment of the click. A role is never remembered.

import { type Actor, ADMIN_ROLE, type SlackPerson } from '../../domain/person.ts';
import type { Batch } from '../../domain/plan.ts';
import type { HoldingBack, Refusal } from '../../domain/refusal.ts';
import type { Tx } from '../../postgres/tx.ts';
import { type FoundIdentity, findIdentity } from '../../store/identities.ts';

/** Somebody who clicked or typed in Slack. */
export type Person = SlackPerson & {
  /** What Slack says against them (guest, bot, other organisation, unknown), or null. */
  readonly standing: Refusal | null;
  /** Where they clicked, or sent a form, for the audit trail; nothing where that is not known. */
  readonly place?: { readonly channelId: string; readonly messageTs: string | null };
};

export type Standing = {
  readonly actor: Extract<Actor, { kind: 'slack' }>;
  /** Why this person may not act as a holder of the role; null: they may. */
  readonly refusal: Refusal | null;
};

/**
 * Looks `person` up. `role` is the one that is needed; the refusal names the first thing that is missing. Throws as `Tx.query`
 * does.
 */
export async function lookUp(tx: Tx, person: Person, role: string = ADMIN_ROLE): Promise<Standing> {
  const { teamId, userId, workspaces } = person;
  const found = await findIdentity(tx, person);
  const user = found.kind === 'one' ? found.identity.user : null;
  const known = workspaces === undefined ? {} : { workspaces };
  const actor = { kind: 'slack', teamId, userId, ...known, user } as const;
  return { actor, refusal: person.standing ?? missing(found, person, role) };
}

function missing(found: FoundIdentity, { teamId, userId }: Person, role: string): Refusal | null {
  switch (found.kind) {
    case 'none':
      return { kind: 'not_mapped', teamId, userId };
    case 'several':
      return { kind: 'mapped_twice', userId, mappings: found.mappings };
    case 'one':
      if (!found.identity.active) return { kind: 'inactive' };
      return found.identity.roles.includes(role) ? null : { kind: 'no_role', role };
  }
}

/** Whether somebody who decided in Slack could not do so now; false for anybody else. Throws as `Tx.query` does. */
export async function hasLostRole(tx: Tx, actor: Actor | null): Promise<boolean> {
  if (actor?.kind !== 'slack') return false;
  return (await lookUp(tx, { ...actor, standing: null })).refusal !== null;
}

/**
 * Whether the person is the one who asked for the batch. By the user's id alone: it is the same in every workspace of an
 * organisation, whichever of them a payload named then and names now, and who is of another one is refused before.
 */
export function isRequester({ requestedBy }: Batch, person: Person): boolean {
  return requestedBy.kind === 'slack' && requestedBy.userId === person.userId;
}

/** Why this person, whose standing as an admin was looked up, may not do what requester and admins may; null: they may. */
export function whyNeither(
  batch: Batch,
  person: Person,
  { refusal }: Standing,
  verb: HoldingBack,
): Refusal | null {
  if (refusal === null) return null;
  if (person.standing !== null) return person.standing;
  return isRequester(batch, person) ? null : { kind: 'not_requester_or_admin', verb };
}

/**
 * Whether `first`, who asked for a batch or approved it, is whoever now acts as `actor`: with the same Slack account, or with
 * another one that is the same OnRamp user's, or was at that time. Throws as `Tx.query` does.
 */
export async function isFirstPerson(
  tx: Tx,
  first: Actor | null,
  person: Person,
  actor: Standing['actor'],
): Promise<boolean> {
  if (first?.kind !== 'slack') return false;
  if (first.userId === person.userId) return true;
  if (actor.user === null) return false;
  // What was recorded may name one workspace of the organisation only: both are of the same one.
  const workspaces = [...(first.workspaces ?? []), person.teamId, ...(person.workspaces ?? [])];
  const now = usersOf(await findIdentity(tx, { ...first, workspaces }));
  return [first.user?.id, ...now].includes(actor.user.id);
}

function usersOf(found: FoundIdentity): number[] {
  switch (found.kind) {
    case 'none':
      return [];
    case 'one':
      return [found.identity.user.id];
    case 'several':
      return found.mappings.map(({ user }) => user.id);
  }
}
