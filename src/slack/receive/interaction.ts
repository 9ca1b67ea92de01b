// What every click, form, search and shortcut says alike: who it is of, where it comes from, and with what a view can be opened for it.
import { z } from 'zod';
import type { Origin, Sender } from './organisation.ts';

/** Anything that lacks this is no interaction of ours; `extend` it with what is the kind's own. */
export const interaction = z.object({
  team: z.object({ id: z.string() }).nullish(),
  /** Whose installation it is sent to, on an Enterprise Grid; there `team` is null where that is organisation-wide. */
  enterprise: z.object({ id: z.string() }).nullish().catch(undefined),
  user: z.object({ id: z.string(), team_id: z.string().optional() }),
  trigger_id: z.string().optional(),
});

/** Who sent it, from which workspace or organisation. */
export function whoseIs({ user, team, enterprise, trigger_id: triggerId }: z.output<typeof interaction>) {
  const sender: Sender = { userId: user.id, teamId: user.team_id };
  const origin: Origin = { teamId: team?.id, enterpriseId: enterprise?.id };
  return { sender, origin, triggerId };
}
