// `/retry-batch halt`: how the emergency brake stands, and for admins the way to pull it. Nothing here can release it.
import type { Refusal } from '../../domain/refusal.ts';
import { pullBrake } from '../../engine/decide/pull-brake.ts';
import { namesOf } from '../../store/approvers.ts';
import { brakeStanding } from '../../store/brake.ts';
import { haltText, RELEASE, SAY_ON } from '../blocks/brake.ts';
import type { OwnWord } from '../command/own-words.ts';
import { whoCanApprove } from './approvers.ts';
import { auditRefusal, type Delivery, type SlackContext, say, sayRefusal } from './context.ts';
import type { Sender } from './organisation.ts';

type Say = Extract<OwnWord, { kind: 'halt' }>['say'];

/** Answers it, wherever it is asked; why not, where that is refused. */
export async function halt(
  context: SlackContext,
  delivery: Delivery,
  sender: Sender,
  word: Say,
): Promise<Refusal | null> {
  const { ports, directory } = context;
  const person = await directory.person(sender, context.workspace());
  if (word === 'on') {
    const pulled = await pullBrake(ports, person);
    if (pulled.kind === 'on') {
      await say(context, delivery, haltText(pulled.standing, pulled.changed ? 'pulled' : 'on before'));
      return null;
    }
    await auditRefusal(context, pulled.actor, pulled.refusal, delivery.place);
    if (person.standing !== null) return pulled.refusal;
    const whoCan = namesOf(await whoCanApprove(context));
    await sayRefusal(context, delivery, pulled.refusal, { whoCan });
    return null;
  }
  if (person.standing !== null) return person.standing;
  const standing = await brakeStanding(ports.db.autocommit);
  const more = { off: ` ${RELEASE}`, unclear: ` ${SAY_ON}`, how: '' }[word];
  await say(
    context,
    delivery,
    `${haltText(standing, 'asked')}${standing.isOn && word === 'off' ? '' : more}`,
  );
  return null;
}
