// Why words without a field's name were not read, and how to write what they probably mean.
import type { Customers } from '../customers.ts';
import type { Token } from './tokens.ts';

const DAYS = /^(?:mon|tues?|wed(?:nes)?|thu(?:rs)?|fri|sat(?:ur)?|sun)(?:day)?$/;
const MONTHS =
  /^(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)$/;
const OF_THE_DAY =
  /^(?:night|tonight|morning|afternoon|evening|overnight|midnight|noon|lunch|week|weekend|month|day|recently|earlier|lately|couple|few)$/;
const AS_WRITTEN = 'write a time as 2026-05-11T12:30:00Z or 2h';

/** What is wrong with the run whose token `at` begins nothing that is known, as the end of a sentence about it. */
export function whyNotRead(tokens: readonly Token[], at: number, customers: Customers): string {
  const words = tokens.slice(Math.max(0, at - 1), at + 3).filter(({ quoted }) => quoted === null);
  const has = (pattern: RegExp) => words.some(({ word }) => pattern.test(word));
  if (tokens.some(({ word }) => /^(?:\d{1,2}(?::\d{2})*)?[ap]\.?m\.?$/.test(word)))
    return `has a time of day that is not understood: write the hours from 00 to 23, as in 2026-05-11 14:30Z`;
  if (tokens.some(({ word }) => /^\d{1,4}[./]\d{1,2}(?:[./]\d{1,4})?\.?$/.test(word)))
    return 'has a date that can be two days: write it as 2026-05-11';
  if (
    tokens.some(({ source, quoted }) => quoted === null && isZone(source)) &&
    tokens.some(({ word }) => /\d/.test(word))
  )
    return 'has a time zone that is not understood: write it as its offset, such as +02:00 or UTC-4';
  if (tokens.some(({ word }) => /^\d{1,2}:\d{2}/.test(word)))
    return `has a time of day without its day or zone, or more than one: write since=2026-05-11T08:20:00Z until=2026-05-11T10:30:00Z`;
  if (has(DAYS) || has(MONTHS) || has(OF_THE_DAY))
    return `has a time that is not sure: ${AS_WRITTEN}, as since=… and until=…`;
  const customer = tokens.find(({ quoted }) => quoted !== null && (customers(quoted.text)?.length ?? 0) > 0);
  if (customer !== undefined) return 'belongs to no field; write a customer as vendor="…"';
  return 'belongs to no field; write field=value, and error="…" for text to search, or leave it out';
}

/** `CEST`, `Europe/Berlin` */
function isZone(source: string): boolean {
  return /^\(?(?:[A-Z]{3,4}T|[A-Z]ST|[A-Z]DT|[A-Za-z]+\/[A-Za-z_]+)\)?$/.test(source);
}
