// What the address of a page asks for: which rows, and from where on. What can't be read is said, never taken for everything.
import { BATCH_STATUSES, type BatchStatus } from '../../../domain/batch.ts';
import { OUTCOMES, type RowFilter } from '../../../domain/batch-row.ts';
import type { From } from '../../../store/batch-rows.ts';

export type Query = URLSearchParams;

export type Read<Asked> =
  | { readonly kind: 'read'; readonly asked: Asked }
  | { readonly kind: 'mistake'; readonly message: string };

export type RowsAsked = { readonly filter: RowFilter; readonly from: From; readonly isGiven: boolean };

/** What asks for other rows than the first. */
const FIELDS = ['outcome', 'reason', 'vendor', 'text', 'after', 'before', 'last'] as const;

const LONGEST = 500;
const MOST_ROWS = 2_147_483_647;

/** Controls and marks that turn the reading direction; what joins letters of a script may stay. */
const UNSEEN = /(?![\u200c\u200d])[\p{Cc}\p{Cf}]/u;

const UUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** The rows that are asked for; an empty field, as a form sends it, asks for nothing. */
export function readRows(query: Query): Read<RowsAsked> {
  const field = (name: string) => query.get(name)?.trim() || null;
  const [outcome, reason, vendor, text] = ['outcome', 'reason', 'vendor', 'text'].map(field);
  const found = OUTCOMES.find((one) => one === outcome);
  if (outcome && found === undefined)
    return mistake(`There is no outcome of that name. There are ${OUTCOMES.join(', ')}.`);
  for (const given of [reason, vendor, text])
    if (given && (given.length > LONGEST || UNSEEN.test(given)))
      return mistake(`A filter is one line of at most ${LONGEST} characters, all of which can be seen.`);
  const from = readFrom(field('after'), field('before'), query.has('last'));
  if (from === null) return mistake('That page can’t be found. Begin with the first one.');
  const filter = {
    outcome: found ?? null,
    reason: reason ?? null,
    vendor: vendorOf(vendor),
    text: text ?? null,
  };
  return { kind: 'read', asked: { filter, from, isGiven: FIELDS.some((name) => query.has(name)) } };
}

function vendorOf(vendor: string | null | undefined): RowFilter['vendor'] {
  if (!vendor) return null;
  const isId = /^\d{1,15}$/.test(vendor);
  return isId ? { kind: 'id', id: Number(vendor) } : { kind: 'name', name: vendor };
}

function readFrom(after: string | null, before: string | null, last: boolean): From | null {
  if (last) return { kind: 'last' };
  const given = after ?? before;
  if (given === null) return { kind: 'after', position: 0 };
  if (!/^\d{1,10}$/.test(given) || Number(given) > MOST_ROWS) return null;
  return { kind: after === null ? 'before' : 'after', position: Number(given) };
}

/** The filter as fields of an address. */
export function filterFields({
  outcome,
  reason,
  vendor,
  text,
}: RowFilter): Record<string, string | number | null> {
  const named = vendor?.kind === 'name' ? vendor.name : null;
  return { outcome, reason, vendor: vendor?.kind === 'id' ? vendor.id : named, text };
}

export type ListAsked = { readonly status: BatchStatus | null; readonly after: string | null };

/** Which batches are asked for. */
export function readList(query: Query): Read<ListAsked> {
  const given = query.get('status')?.trim() || null;
  const status = BATCH_STATUSES.find((one) => one === given) ?? null;
  if (given !== null && status === null)
    return mistake(`There is no status of that name. There are ${BATCH_STATUSES.join(', ')}.`);
  const after = query.get('after')?.trim() || null;
  if (after !== null && !UUID.test(after)) return mistake('That page can’t be found. Begin with the newest.');
  return { kind: 'read', asked: { status, after } };
}

/** Which event of the audit trail its page begins behind; 0 for the first page, and for what is no number. */
export function readTrail(query: Query): number {
  const given = query.get('trail') ?? '';
  return /^\d{1,15}$/.test(given) ? Number(given) : 0;
}

function mistake(message: string): { readonly kind: 'mistake'; readonly message: string } {
  return { kind: 'mistake', message };
}
