// Customers and workflows by name: what somebody types, and the workflows that were given by their UUIDs.
import { z } from 'zod';
import { rows, type Tx } from '../postgres/tx.ts';

export type Customer = { readonly id: number; readonly name: string };
export type Workflow = { readonly uuid: string; readonly name: string; readonly customer: string };

const customer = z.object({ id: z.number(), name: z.string() });
const workflow = z.object({ uuid: z.string(), name: z.string(), customer: z.string() });

/** Names were written by another program: nobody needs more of one. */
const NAME = 200;

const WORKFLOW = `select r.ramp_uuid as uuid, left(r.name, ${NAME}) as name, left(v.name, ${NAME}) as customer
  from or_ramps r join or_vendors v on v.id = r.vendor_id`;

/** What was typed, the pattern with which LIKE finds it anywhere, and the one that finds it at the beginning. */
export function patterns(typed: string): {
  readonly exact: string;
  readonly within: string;
  readonly first: string;
} {
  const exact = typed.replaceAll('\0', '').toWellFormed().trim().slice(0, NAME);
  const literal = exact.replace(/[\\%_]/g, '\\$&');
  return { exact, within: `%${literal}%`, first: `${literal}%` };
}

/** Customers whose name has it, or whose id it is, the likeliest first. Throws as `Tx.query` does. */
export async function customersLike(tx: Tx, typed: string, most: number): Promise<Customer[]> {
  const { exact, within, first } = patterns(typed);
  return rows(
    tx,
    customer,
    `select id, left(name, ${NAME}) as name from or_vendors where name ilike $1 or id::text = $3
     order by id::text = $3 desc, name ilike $2 desc, lower(name), id limit $4`,
    [within, first, exact, most],
  );
}

/** Workflows whose name or customer's name has it, or whose UUID it is, the likeliest first. Throws as `Tx.query` does. */
export async function workflowsLike(tx: Tx, typed: string, most: number): Promise<Workflow[]> {
  const { exact, within, first } = patterns(typed);
  return rows(
    tx,
    workflow,
    `${WORKFLOW} where r.name ilike $1 or v.name ilike $1 or r.ramp_uuid::text = lower($3)
     order by r.archived_at is null and r.deleted_at is null desc, r.name ilike $2 desc, lower(r.name), lower(v.name), r.id
     limit $4`,
    [within, first, exact, most],
  );
}

/** Those of these UUIDs that there are. Throws as `Tx.query` does. */
export async function workflowsOf(tx: Tx, uuids: readonly string[]): Promise<Workflow[]> {
  return uuids.length === 0
    ? []
    : rows(tx, workflow, `${WORKFLOW} where r.ramp_uuid = any ($1::uuid[])`, [[...uuids]]);
}
