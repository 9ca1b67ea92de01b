// Somebody opens the app: their Home tab is drawn.
import { z } from 'zod';
import { InfrastructureTrouble } from '../../postgres/errors.ts';
import * as slackDeliveries from '../../store/slack-deliveries.ts';
import type { Homes } from '../home/homes.ts';
import type { SlackContext } from './context.ts';
import { isFromElsewhere } from './organisation.ts';

/** The event in its envelope, as far as it is looked at. */
const openedSchema = z.object({
  team_id: z.string().nullish(),
  enterprise_id: z.string().nullish(),
  event_id: z.string(),
  event: z.object({ user: z.string(), tab: z.string() }),
});

/** Handles one opening. Bolt has acknowledged it by then; nobody is answered where it fails. */
export async function onHomeOpened(
  context: SlackContext,
  homes: Homes,
  body: unknown,
  keys: readonly string[],
): Promise<void> {
  const parsed = openedSchema.safeParse(body).data;
  if (parsed === undefined || parsed.event.tab !== 'home') return;
  const { team_id, enterprise_id, event_id, event } = parsed;
  try {
    const names = [...keys, `event:${event_id}`];
    if (!(await slackDeliveries.isFirst(context.ports.db.autocommit, names))) return;
    const served = context.workspace();
    const origin = { teamId: team_id ?? undefined, enterpriseId: enterprise_id ?? undefined };
    if (served === undefined || isFromElsewhere(served, origin, { userId: event.user })) return;
    await homes.opened(event.user);
  } catch (error) {
    if (!(error instanceof InfrastructureTrouble)) context.onError(error, 'home');
  }
}
