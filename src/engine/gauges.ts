// What stands in the database at the moment of a scrape, the same from whichever process it is read.
import type { BatchStatus } from '../domain/batch.ts';

export type Gauges = {
  readonly brakeOn: boolean;
  /** Batches that have not ended, by status. */
  readonly open: Readonly<Partial<Record<BatchStatus, number>>>;
  /** How long ago the oldest run that has not ended was approved, or called over HTTP; 0 where there is none. */
  readonly oldestRunSeconds: number;
  readonly notificationsQueued: number;
  readonly notificationsParked: number;
  /** How long ago the oldest notification that is still to be delivered was queued. */
  readonly oldestNotificationSeconds: number;
  /** Threads that Slack has refused something of, or could not be reached for. */
  readonly threadsFailing: number;
  /** How long ago what the most belated thread doesn't show yet happened. */
  readonly threadDelaySeconds: number;
};
