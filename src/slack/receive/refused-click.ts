// What somebody is told whose click on a button was refused: why, who could do it, and where.
import { type Batch, stillToReplay } from '../../domain/plan.ts';
import type { Refusal } from '../../domain/refusal.ts';
import { isRequester, type Person } from '../../engine/decide/authorize.ts';
import { besides, namesOf } from '../../store/approvers.ts';
import { wasCalled } from '../../store/calls.ts';
import { askButton } from '../blocks/buttons.ts';
import type { RefusalHelp } from '../blocks/refusals.ts';
import { permalinkOf } from '../permalink.ts';
import { whoCanApprove } from './approvers.ts';
import { type Delivery, type SlackContext, sayRefusal } from './context.ts';

/** Says it privately. `batch` is the batch as it is now; null where there is none. Throws as `Tx.query` does. */
export async function sayRefusedClick(
  context: SlackContext,
  delivery: Delivery,
  refusal: Refusal,
  batch: Batch | null,
  person: Person,
): Promise<void> {
  const tx = context.ports.db.autocommit;
  if (batch === null) return sayRefusal(context, delivery, refusal);
  const about = await permalinkOf(context.clients, tx, batch.id);
  const help: RefusalHelp = { about, ...(await whoCanInstead(context, refusal, batch)) };
  const mayAsk = help.whoCan !== undefined && help.whoCan.length > 0 && isRequester(batch, person);
  const isOpen = batch.status === 'waiting' && !batch.overdue && stillToReplay(batch) > 0;
  const asks = mayAsk && isOpen && !(await wasCalled(tx, batch.id));
  await sayRefusal(context, delivery, refusal, help, asks ? [askButton(batch)] : []);
}

/** Who could do what was refused for who somebody is; nothing where that is not the reason, or names are none of theirs. */
async function whoCanInstead(
  context: SlackContext,
  { kind }: Refusal,
  { requestedBy, decidedBy }: Batch,
): Promise<Pick<RefusalHelp, 'whoCan'>> {
  switch (kind) {
    case 'second_person_sends':
      return { whoCan: namesOf(besides(await whoCanApprove(context), decidedBy)) };
    case 'not_mapped':
    case 'mapped_twice':
    case 'no_role':
    case 'inactive':
    case 'second_person_required':
    case 'not_requester_or_admin':
    case 'called_already':
    case 'called_lately': {
      const first = context.options.requireSecondPerson ? requestedBy : null;
      return { whoCan: namesOf(besides(await whoCanApprove(context), first)) };
    }
    default:
      return {};
  }
}
