// The searches in the list of what a run owes: its customers by name, and all of them at once while nothing is typed.
import type { PlainTextOption } from '@slack/types';
import { z } from 'zod';
import { NEWS_KINDS, type NewsKind } from '../../domain/owed.ts';
import { mayLookAt } from '../../engine/decide/send-owed.ts';
import { owedOf } from '../../store/owed.ts';
import { SLACK } from '../blocks/limits.ts';
import { everybodyOption, OWED_SEARCHES, owedOption } from '../blocks/owed.ts';
import { isForeign, type SlackContext } from './context.ts';
import { type FromOwedView, readOwedView } from './owed-shape.ts';

const search = z.object({ action_id: z.enum(OWED_SEARCHES), value: z.string() });

/** The options of one search; none for whoever may not send. */
export async function owedSuggestions(context: SlackContext, body: unknown): Promise<PlainTextOption[]> {
  const asked = search.safeParse(body).data;
  const view = readOwedView(body);
  const kind = NEWS_KINDS.find((one) => OWED_SEARCHES[one] === asked?.action_id);
  if (asked === undefined || view === null || kind === undefined) return [];
  const [isAllowed, found] = await Promise.all([
    mayLook(context, view),
    optionsOf(context, view.metadata.batchId, kind, asked.value.trim()),
  ]);
  return isAllowed ? found : [];
}

/** Nothing is audited: somebody types. */
async function mayLook(context: SlackContext, view: FromOwedView): Promise<boolean> {
  if (isForeign(context, view)) return false;
  const person = await context.directory.person(view.sender, context.workspace());
  return mayLookAt(context.ports, context.options, view.metadata.batchId, person);
}

async function optionsOf(
  { ports }: SlackContext,
  batchId: string,
  kind: NewsKind,
  typed: string,
): Promise<PlainTextOption[]> {
  const isOwed = (one: { readonly webhooks: number; readonly emails: number }) =>
    (kind === 'webhook' ? one.webhooks : one.emails) > 0;
  const found = (await owedOf(ports.db.reading, batchId, typed)).filter(isOwed);
  const options = found.map((one) => owedOption(kind, one));
  const all = typed === '' && found.length > 0 ? [everybodyOption(kind, found)] : [];
  return [...all, ...options].slice(0, SLACK.options);
}
