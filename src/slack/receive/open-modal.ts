// Opens the form: for whoever may ask for a dry run there, filled in with what is known.
import { randomUUID } from 'node:crypto';
import type { Refusal } from '../../domain/refusal.ts';
import type { RetryRequest } from '../../domain/request.ts';
import * as drafts from '../../store/drafts.ts';
import { workflowsOf } from '../../store/search.ts';
import { vendorNames } from '../../store/vendor-names.ts';
import { formView } from '../blocks/form.ts';
import { intoParts, type Prefill } from '../blocks/form-fit.ts';
import type { Names } from '../blocks/form-options.ts';
import { commandToRepeat } from '../blocks/request-words.ts';
import { helpText } from '../command/help.ts';
import { withLinks } from '../permalink.ts';
import type { CommandPlace } from './channel.ts';
import { auditRefusal, type Delivery, linkOf, type SlackContext } from './context.ts';
import { whoAsks } from './may-ask.ts';
import { type Made, openView } from './open-view.ts';
import type { Sender } from './organisation.ts';

export type Opening = {
  readonly sender: Sender;
  /** What it begins with: some of a request's fields, or all. Nothing of them is lost on the way through the form. */
  readonly request: Prefill;
  /** Where its dry run is posted, in which workspace; null: there is a field for that, which begins with the current channel. */
  readonly channel: CommandPlace | null;
  readonly teamId: string;
  /** The dry run that it changes: cancelled when the new one is posted, if it still waits then. */
  readonly replaces?: string;
  /** What the alert says that it is opened from. */
  readonly alert?: string;
  /** What is said privately where no form can be opened; left out, the help. */
  readonly otherwise?: string;
};

/** What is said instead of the form that was to change `request`. */
export function notOpened(request: RetryRequest): string {
  const command = commandToRepeat(request);
  return `Slack did not open the form in time, so nothing was changed. Click again${command === null ? '' : `, or change and send ${command}`}.`;
}

/**
 * Opens it for `opening.sender`; why not, where that is refused. Where Slack opens none, because the trigger is too old or Slack
 * is away, `opening.otherwise` is said privately and that is all. Throws InfrastructureTrouble where the database is away.
 */
export async function openModal(
  context: SlackContext,
  delivery: Delivery,
  opening: Opening,
): Promise<Refusal | null> {
  const otherwise = opening.otherwise ?? helpText(context.ports.clock.now());
  return openView(context, delivery, make(context, delivery, opening), otherwise);
}

/** Looks up who may, and what is called how, and keeps what has no field. */
async function make(context: SlackContext, delivery: Delivery, opening: Opening): Promise<Made> {
  const { sender, channel, teamId, replaces = null, alert = null } = opening;
  const tx = context.ports.db.autocommit;
  const { given, kept } = intoParts(opening.request);
  const [{ actor, refusal }, names] = await Promise.all([
    whoAsks(context, sender, channel),
    namesIn(context, given),
  ]);
  if (refusal !== null) {
    await auditRefusal(context, actor, refusal, delivery.place, replaces);
    return { kind: 'refused', refusal };
  }
  const draftId = randomUUID();
  await drafts.keep(tx, { id: draftId, userId: sender.userId, kept, replaces });
  const channelId = channel?.channel_id ?? null;
  const form = { draftId, teamId, channelId, given, kept, names, changes: replaces, alert };
  const view = await withLinks(linkOf(context), (links) => formView({ ...form, links }));
  return { kind: 'view', view };
}

async function namesIn({ ports }: SlackContext, given: Prefill): Promise<Names> {
  const tx = ports.db.reading;
  const [customers, workflows] = await Promise.all([
    vendorNames(tx, given.vendor_ids ?? []),
    workflowsOf(tx, given.ramp_uuids ?? []),
  ]);
  return {
    customers: new Map(customers.map((one) => [one.id, one])),
    workflows: new Map(workflows.map((one) => [one.uuid, one])),
  };
}
