// One invariant: a sentence, and a statement whose rows break it. Nothing here is shared with the bot.
import type { ChaosDatabase } from '../database.ts';

export type Invariant = {
  /** What must hold. */
  readonly that: string;
  /** Answers a row with `what` for each violation. */
  readonly breaches: string;
};

/** Every breach of the invariants, each as a sentence. */
export async function check(db: ChaosDatabase, invariants: readonly Invariant[]): Promise<string[]> {
  const violations: string[] = [];
  for (const { that, breaches } of invariants) {
    const found = await db.sql<{ what: string }>(breaches);
    violations.push(...found.slice(0, 5).map(({ what }) => `${that}: ${what}`));
    if (found.length > 5) violations.push(`${that}: and ${found.length - 5} more`);
  }
  return violations;
}
