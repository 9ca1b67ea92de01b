// Who may ask for a dry run in Slack, and where; looked up each time, for the command, a button and a form alike.
import type { Refusal } from '../../domain/refusal.ts';
import { lookUp, type Person, type Standing } from '../../engine/decide/authorize.ts';
import { type CommandPlace, refuseChannel } from './channel.ts';
import type { SlackContext } from './context.ts';
import type { Sender } from './organisation.ts';

export type Asker = {
  readonly person: Person;
  readonly actor: Standing['actor'];
  /** Why this person may not ask, or not in this channel; null: they may. */
  readonly refusal: Refusal | null;
};

/** Looks both up at the same time. `channel` null: it is not known yet, or looked at elsewhere. */
export async function whoAsks(
  context: SlackContext,
  sender: Sender,
  channel: CommandPlace | null,
): Promise<Asker> {
  const { clients, options } = context;
  const [asker, refusedThere] = await Promise.all([
    lookUpAsker(context, sender),
    channel === null ? null : refuseChannel(clients, channel, options.channels),
  ]);
  return { ...asker, refusal: asker.refusal ?? refusedThere };
}

async function lookUpAsker(context: SlackContext, sender: Sender): Promise<Asker> {
  const { ports, options, directory } = context;
  const person = await directory.person(sender, context.workspace());
  const { actor, refusal } = await lookUp(ports.db.autocommit, person, options.previewRole);
  return { person, actor, refusal: options.previewRole === undefined ? person.standing : refusal };
}
