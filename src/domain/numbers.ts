// How numbers are written wherever somebody reads them: one way, so that nobody has to compare 3000 with 3,000.

const GROUPED = new Intl.NumberFormat('en-US', { maximumFractionDigits: 1 });

/** `1,204` */
export function count(value: number): string {
  return GROUPED.format(value);
}

/** `1 webhook`, `1,204 webhooks` */
export function counted(value: number, noun: string, plural = `${noun}s`): string {
  return `${count(value)} ${value === 1 ? noun : plural}`;
}
