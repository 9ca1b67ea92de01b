// Customers and workflows as options of a select. Their names were written by others: they are data.
import type { PlainTextOption } from '@slack/types';
import type { Customer, Workflow } from '../../store/search.ts';
import { clip, plain } from '../../text/untrusted.ts';
import { SLACK } from './limits.ts';

/** The names of what a form begins with. */
export type Names = {
  readonly customers: ReadonlyMap<number, Customer>;
  readonly workflows: ReadonlyMap<string, Workflow>;
};

/** A customer by name and id, and what is said of them; `name` null where there is none with this id. */
export function customerOption(
  { id, name }: { readonly id: number; readonly name: string | null },
  said = '',
): PlainTextOption {
  return { text: named(name, ` (${id})${said}`), value: String(id) };
}

/** A workflow by name, with its customer below; nulls where there is none with this UUID. */
export function workflowOption(one: {
  readonly uuid: string;
  readonly name: string | null;
  readonly customer: string | null;
}): PlainTextOption {
  const isKnown = one.name !== null;
  const option = { text: isKnown ? named(one.name, '') : named(null, ` (${one.uuid})`), value: one.uuid };
  return isKnown ? { ...option, description: named(one.customer, ` · ${one.uuid.slice(0, 8)}`) } : option;
}

/** Where two have the same name, what stands behind it tells them apart. */
function named(name: string | null, behind: string) {
  const most = SLACK.optionText - behind.length;
  const known = name === null ? 'Not found' : plain(name, most) || '(no name)';
  return { type: 'plain_text', text: `${clip(known, most)}${behind}`, emoji: false } as const;
}
