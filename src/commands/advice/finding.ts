// What slows the bot down in OnRamp's database, and what OnRamp's owner can do about it. The bot itself does none of it.

export type Finding = {
  /** OnRamp's table that it is about. */
  readonly table: string;
  /** What is slow and why, in whole sentences. */
  readonly why: string;
  /** SQL that mends it, one statement after the other, each outside a transaction. */
  readonly statements: readonly string[];
};

/** An estimate in words: Postgres' own, so never a promise. */
export function about(count: number): string {
  return `about ${Math.round(count).toLocaleString('en')}`;
}
