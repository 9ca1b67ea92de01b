// The account step: idempotent. One external id of one vendor is one account, whoever creates it first.
import { z } from 'zod';
import { StepFailure } from '../engine/errors.ts';
import { maybeRow, prepared, type Tx, together } from '../engine/tx.ts';

export type AccountKey = { readonly vendorId: number; readonly externalId: string; readonly name: string };

/**
 * The id of the account that the external id is linked to, created and linked where there is no live link.
 * Throws StepFailure WorkflowConfigError where the link points to a missing, archived or foreign account.
 */
export async function findOrCreateAccount(tx: Tx, key: AccountKey): Promise<number> {
  for (;;) {
    const linked = await findLinked(tx, key);
    if (linked !== undefined) return linked;
    const created = await createLinked(tx, key);
    if (created !== undefined) return created;
    // Somebody else linked the same external id meanwhile and has committed: now it is found.
  }
}

const linkRow = z.object({
  entity_id: z.number(),
  account_id: z.number().nullable(),
  vendor_id: z.number().nullable(),
  archived: z.boolean(),
});

const FIND_LINKED = prepared(
  'find account',
  `select l.entity_id, a.id as account_id, a.vendor_id, a.archived_at is not null as archived
   from or_object_entity_ids l left join or_accounts a on a.id = l.entity_id
   where l.vendor_id = $1 and l.entity_type = 'account' and l.external_id = $2 and l.archived_at is null`,
);

async function findLinked(tx: Tx, { vendorId, externalId }: AccountKey): Promise<number | undefined> {
  const link = await maybeRow(tx, linkRow, FIND_LINKED, [vendorId, externalId]);
  if (link === undefined) return undefined;
  const fault = faultOf(link, vendorId);
  if (fault === null) return link.entity_id;
  throw new StepFailure(
    'WorkflowConfigError',
    `external id ${externalId} is linked to account ${link.entity_id}, which ${fault}`,
  );
}

function faultOf(link: z.output<typeof linkRow>, vendorId: number): string | null {
  if (link.account_id === null) return 'does not exist';
  if (link.vendor_id !== vendorId) return 'belongs to another vendor';
  return link.archived ? 'is archived' : null;
}

const CREATE_LINKED = prepared(
  'create account',
  `with account as (
     insert into or_accounts (vendor_id, name, created_at) values ($1, $3, now()) returning id)
   insert into or_object_entity_ids (vendor_id, entity_type, external_id, entity_id, created_at)
   select $1, 'account', $2, id, now() from account
   -- Waits for a transaction that is inserting the same link, then gives way to it.
   on conflict (vendor_id, entity_type, external_id) where archived_at is null do nothing
   returning entity_id`,
);

const createdRow = z.object({ entity_id: z.number() });

/** Undefined where another transaction linked the external id first; nothing is left of the try. */
async function createLinked(tx: Tx, { vendorId, externalId, name }: AccountKey): Promise<number | undefined> {
  const [, created] = await together(
    tx.query('savepoint account'),
    maybeRow(tx, createdRow, CREATE_LINKED, [vendorId, externalId, name]),
  );
  if (created === undefined) await tx.query('rollback to savepoint account');
  return created?.entity_id;
}
