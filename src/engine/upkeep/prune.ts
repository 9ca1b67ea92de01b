// Old plans and their lists go, so that the tables don't grow for ever. A batch keeps its row with the summary and
// its audit trail; notifications that are parked or queued stay until they are delivered.

import type { Tx } from '../../postgres/tx.ts';
import { wakeOwing } from '../../store/owed.ts';
import { forgetChoices } from '../../store/owed-choices.ts';
import * as pruning from '../../store/pruning.ts';
import * as readings from '../../store/readings.ts';
import { forgetSessions } from '../../store/sessions.ts';
import { OWED_ENDS_MINUTES_BEFORE } from '../decide/send-owed.ts';
import type { EnginePorts } from '../ports.ts';
import { record } from '../record.ts';

/** Few enough that a bite takes no time that anybody notices; the sweep takes one a second. */
const BITE_ROWS = 5000;

const BY = { kind: 'system', name: 'sweep' } as const;

/** Of what nobody approved, the lists are of no use for long: anybody may ask for a million rows of them. */
const UNAPPROVED_DAYS = 1;

/**
 * Takes one bite of what ended more than `afterDays` ago. Any number of processes may do this at once. Throws as
 * `Transactions.transaction` does.
 */
export async function prune(ports: EnginePorts, afterDays: number): Promise<void> {
  await wakeOwing(ports.db.autocommit, afterDays, OWED_ENDS_MINUTES_BEFORE);
  await ports.db.transaction(async (tx) => {
    await pruneOne(ports, tx, 'unapproved', Math.min(afterDays, UNAPPROVED_DAYS));
    await pruneOne(ports, tx, 'ran', afterDays);
    await pruning.forgetDelivered(tx, afterDays, BITE_ROWS);
    await pruning.forgetTries(tx, afterDays, BITE_ROWS);
    await pruning.forgetDrafts(tx, BITE_ROWS);
    await readings.forget(tx, BITE_ROWS);
    await forgetChoices(tx, BITE_ROWS);
    await forgetSessions(tx, afterDays, BITE_ROWS);
  });
}

async function pruneOne(ports: EnginePorts, tx: Tx, which: pruning.Ended, afterDays: number): Promise<void> {
  const old = await pruning.nextToPrune(tx, which, afterDays);
  if (old === undefined) return;
  const { batchId, channelId, messageTs } = old;
  // The audit trail goes on saying where the batch could be read.
  const evidence = { after_days: afterDays, channel_id: channelId, message_ts: messageTs };
  if (old.isFirstBite) await record(ports, tx, { batchId, action: 'pruned', actor: BY, evidence });
  await pruning.clear(tx, batchId, BITE_ROWS);
}
