// The two views of owed notifications: whose news is to go out, nothing of it chosen; and the sums of what was chosen, which is
// what a click sends.
import type { InputBlock, KnownBlock, ModalView, PlainTextOption } from '@slack/types';
import {
  type CustomerNews,
  type CustomerOwed,
  NEWS_KINDS,
  type NewsKind,
  sumsOf,
} from '../../domain/owed.ts';
import { type Links, NO_LINKS, otherBatch } from './batch-name.ts';
import { count, counted } from './figures.ts';
import { customerOption } from './form-options.ts';
import { SLACK } from './limits.ts';
import { context, linesWithin, plainText, section } from './message.ts';
import { type OwedMetadata, printOwedMetadata } from './owed-metadata.ts';
import { newsInWords, sumsInWords } from './owed-words.ts';
import { SHOWN } from './voice.ts';

/** What names the two views, and the searches in the first. */
export const OWED_IDS = { choice: 'retry_batch_owed', sums: 'retry_batch_owed_sums' } as const;

export const OWED_SEARCHES = {
  webhook: 'retry_batch_owed_webhook',
  email: 'retry_batch_owed_email',
} as const satisfies Record<NewsKind, string>;

/** The option that stands for every customer, where they are searched. */
export const EVERYBODY = 'all';

const KIND = {
  webhook: { label: 'Webhooks to', noun: 'webhook', of: ({ webhooks }: CustomerNews) => webhooks },
  email: { label: 'E-mails to', noun: 'e-mail', of: ({ emails }: CustomerNews) => emails },
} as const;

/** To choose from `customers`, who are all of the run's; `links` has the address of its batch. */
export function owedView(
  customers: readonly CustomerOwed[],
  metadata: OwedMetadata,
  links: Links = NO_LINKS,
): ModalView {
  const owed = sumsOf(customers);
  const head = `Batch ${otherBatch(metadata.batchId, links, SHOWN)} told customers nothing.`;
  const inputs = NEWS_KINDS.flatMap((kind) => choice(kind, customers));
  if (inputs.length === 0) {
    const words = [`${head} ${SHOWN.strong('Nothing is owed.')}`, ...beside(customers)];
    return view([section(words)]);
  }
  return {
    ...view([
      section([`${head} It owes ${SHOWN.strong(sumsInWords(owed))}.`, ...beside(customers)]),
      ...inputs,
      context(['Next come the sums. Nothing goes out before.']),
    ]),
    callback_id: OWED_IDS.choice,
    private_metadata: printOwedMetadata(metadata),
    submit: plainText('Next'),
  };
}

/** What is not owed, or can't be told any more. */
function beside(customers: readonly CustomerOwed[]): string[] {
  const asked = customers.reduce((sum, one) => sum + one.asked, 0);
  const gone = customers.reduce((sum, one) => sum + one.gone, 0);
  const silent = customers.filter((one) => one.webhooks + one.emails + one.asked + one.gone === 0).length;
  const parts = [
    ...(asked > 0 ? [`${count(asked)} sent before`] : []),
    ...(gone > 0 ? [`${counted(gone, 'project is', 'projects are')} gone`] : []),
    ...(silent > 0 ? [`${counted(silent, 'customer has', 'customers have')} no address`] : []),
  ];
  return parts.length === 0 ? [] : [`Not among them: ${parts.join(', ')}.`];
}

/** A list to tick while it is short; searched in the database where it is longer. */
function choice(kind: NewsKind, customers: readonly CustomerOwed[]): InputBlock[] {
  const { label, of } = KIND[kind];
  const owed = customers.filter((one) => of(one) > 0);
  if (owed.length === 0) return [];
  const isShort = owed.length <= SLACK.checkboxes;
  const element = isShort
    ? ({ type: 'checkboxes', options: owed.map((one) => owedOption(kind, one)) } as const)
    : ({
        type: 'multi_external_select',
        min_query_length: 0,
        placeholder: plainText(`${counted(owed.length, 'customer')}: pick, or type a name`),
      } as const);
  return [
    {
      type: 'input',
      block_id: kind,
      label: plainText(label),
      optional: true,
      element: { ...element, action_id: OWED_SEARCHES[kind] },
    },
  ];
}

/** `Acme (7): 12 webhooks` */
export function owedOption(kind: NewsKind, one: CustomerNews): PlainTextOption {
  const { noun, of } = KIND[kind];
  return customerOption({ id: one.vendorId, name: one.name }, `: ${counted(of(one), noun)}`);
}

/** All of them at once. */
export function everybodyOption(kind: NewsKind, customers: readonly CustomerNews[]): PlainTextOption {
  const { noun, of } = KIND[kind];
  const owed = customers.filter((one) => of(one) > 0);
  const sum = owed.reduce((all, one) => all + of(one), 0);
  const text = `All ${counted(owed.length, 'customer')}: ${counted(sum, noun)}`;
  return { text: plainText(text), value: EVERYBODY };
}

/** How many customers are named one by one. */
const NAMED = 40;

/** What was chosen, as it stands; the rest of a long list is one line. */
export function sumsView(
  customers: readonly CustomerNews[],
  metadata: OwedMetadata,
  brakeOn: boolean,
): ModalView {
  const sums = sumsOf(customers);
  const rest = customers.slice(NAMED);
  const lines = customers.slice(0, NAMED).map(customerLine);
  const more =
    rest.length === 0
      ? []
      : [`${SHOWN.bullet}${counted(rest.length, 'more customer')}: ${newsInWords(sumsOf(rest))}`];
  const braked = brakeOn ? ['🛑 The emergency brake is on: they wait until it is lifted.'] : [];
  return {
    ...view([
      section([`📣 ${SHOWN.strong(sumsInWords(sums))}`, ...braked]),
      ...inSections([...lines, ...more]),
      context([
        'Each goes out once, whoever sends. What somebody else sends meanwhile, and projects that are gone by then, are left out.',
      ]),
    ]),
    title: plainText('Send these?'),
    callback_id: OWED_IDS.sums,
    private_metadata: printOwedMetadata(metadata),
    submit: plainText(`Send ${count(sums.webhooks + sums.emails)}`),
    close: plainText('Back'),
  };
}

function customerLine(one: CustomerNews): string {
  return `${SHOWN.bullet}${SHOWN.quote(one.name, 40)} (${one.vendorId}): ${newsInWords(one)}`;
}

/** Lines of which none is cut, in as many sections as they take. */
function inSections(lines: readonly string[]): KnownBlock[] {
  const parts: string[][] = [[]];
  for (const line of lines) {
    const last = parts.at(-1) ?? [];
    if (linesWithin([...last, line], SLACK.sectionText).endsWith('…')) parts.push([line]);
    else last.push(line);
  }
  return parts.filter((part) => part.length > 0).map(section);
}

/** Words in the place of either view: mrkdwn that is safe. */
export function owedWordsView(words: string): ModalView {
  return view([section([words])]);
}

function view(blocks: KnownBlock[]): ModalView {
  return { type: 'modal', title: plainText('Owed notifications'), close: plainText('Close'), blocks };
}
