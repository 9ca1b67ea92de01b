// What the engine needs to replay an execution: what the steps will write, and the steps themselves.

import type { Tx } from '../postgres/tx.ts';
import type { Facts } from './ports.ts';

/** What the steps will write, as far as the facts say. */
export type Steps = {
  readonly facts: Facts;
  readonly accountExternalId: string;
  readonly accountName: string;
  readonly projectName: string;
  readonly tasks: readonly string[];
  /** One webhook and one e-mail at most, under the id that every try of delivering it will carry. */
  readonly notifications: readonly { readonly id: string; readonly kind: 'webhook' | 'email' }[];
};

export type StepsOrder = {
  readonly batchId: string;
  readonly projectUuid: string;
  /** Whatever keeps the project from being created is an error of the statement, so that no COMMIT behind it commits. */
  readonly orFail: boolean;
};

export interface Replayer {
  /** Reads the definition and fills it. Pure; throws the StepFailure that is known before anything is written. */
  plan(facts: Facts): Steps;
  /**
   * Account step and project step, under the id that the caller gives, with what has to be notified queued. Everything
   * is sent at once. `again`: another transaction has just linked the same customer; the caller takes back what the
   * steps left, and now they find it. Throws StepFailure for a link that leads nowhere, which creates nothing.
   */
  run(tx: Tx, steps: Steps, as: StepsOrder): Promise<'done' | 'again'>;
}
