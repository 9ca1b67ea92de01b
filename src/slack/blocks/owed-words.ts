// What a run owes its customers, in words: how much, to whom, and what was left out when it was sent.
import type { Evidence } from '../../domain/audit.ts';
import { LEFT_OUT, type LeftOut, type NewsSums } from '../../domain/owed.ts';
import { count, counted } from './figures.ts';

/** `87 webhooks and 61 e-mails`; of one kind alone where there is none of the other. */
export function newsInWords({ webhooks, emails }: Pick<NewsSums, 'webhooks' | 'emails'>): string {
  const parts = [
    ...(webhooks > 0 ? [counted(webhooks, 'webhook')] : []),
    ...(emails > 0 ? [counted(emails, 'e-mail')] : []),
  ];
  return parts.length === 0 ? 'nothing' : parts.join(' and ');
}

/** The same with how many customers. */
export function sumsInWords(sums: NewsSums): string {
  return `${newsInWords(sums)} to ${counted(sums.customers, 'customer')}`;
}

const WHY: Readonly<Record<keyof LeftOut, string>> = {
  gone: 'whose project is gone',
  asked: 'that somebody had sent before',
  nowhere: 'whose customer has no address any more',
  unsaid: 'whose workflow version is gone, or can’t be filled any more',
};

/** `Left out: 2 whose project is gone, 3 that …`; null where nothing was. */
export function leftOutInWords(leftOut: Partial<LeftOut>): string | null {
  const parts = LEFT_OUT.flatMap((why) => {
    const left = leftOut[why] ?? 0;
    return left > 0 ? [`${count(left)} ${WHY[why]}`] : [];
  });
  return parts.length === 0 ? null : `Left out: ${parts.join(', ')}.`;
}

/** What a sending came to, behind who it was; nothing where that can't be read. */
export function sentInWords(sent: Evidence['owed_sent'] | null): string {
  if (sent === null) return '';
  const sums = sent.customers > 0 ? `${sumsInWords(sent)}.` : 'Nothing was left to send.';
  const leftOut = leftOutInWords(sent.left_out);
  return ` ${leftOut === null ? sums : `${sums} ${leftOut}`}`;
}
