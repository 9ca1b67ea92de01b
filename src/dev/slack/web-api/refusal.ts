// An answer that refuses: `{ ok: false, error }`, with what Slack adds to it.
import { asMetadataMessage, type Problem, withPointer } from '../validation/problem.ts';
import type { Verdict } from '../validation/validate.ts';

export class Refusal extends Error {
  readonly code: string;
  readonly extra: Record<string, unknown>;
  constructor(code: string, extra: Record<string, unknown> = {}) {
    super(code);
    this.code = code;
    this.extra = extra;
  }
}

/** A refusal that says where each mistake is. */
export function refusalOf(error: string, problems: readonly Problem[]): Refusal {
  return new Refusal(error, {
    errors: problems.map(withPointer),
    response_metadata: { messages: problems.map(asMetadataMessage) },
  });
}

/** Throws where the verdict is bad. */
export function insist(verdict: Verdict): void {
  if (!verdict.ok) throw refusalOf(verdict.error, verdict.problems);
}

/** A refusal of a method's arguments. */
export const invalidArguments = (message: string): Refusal =>
  new Refusal('invalid_arguments', { response_metadata: { messages: [`[ERROR] ${message}`] } });
