// What the engine needs to tell customers about a new project: one sentence each.
import type { Tx } from '../postgres/tx.ts';

export interface Deliveries {
  /** Queues the delivery of stored notifications in the caller's transaction: a rolled-back replay notifies nobody. */
  enqueue(tx: Tx, notificationIds: readonly string[], afterSeconds?: number): Promise<void>;
}

/** A stored notification whose time has come, with where it goes as OnRamp's vendor row says now. */
export type DueNotification = {
  readonly id: string;
  readonly kind: 'webhook' | 'email';
  /** This try's number, from 1. */
  readonly attempt: number;
  readonly content: NotificationContent;
  readonly webhookUrl: string | null;
  readonly webhookSecret: string | null;
  readonly email: string | null;
};

export type NotificationContent = {
  readonly project_uuid: string;
  readonly execution_uuid: string;
  readonly vendor_id: number;
  readonly ramp_uuid: string;
  readonly account_id: number;
  readonly account_external_id: string;
  readonly account_name: string;
  readonly name: string;
  /** RFC 3339, UTC. */
  readonly created_at: string;
};

export interface Notifications {
  /** Takes the notification for one try, if it is still queued and its time has come; one process gets it. */
  claim(tx: Tx, id: string): Promise<DueNotification | undefined>;
  delivered(tx: Tx, id: string): Promise<void>;
  /** Not before so many seconds again. */
  tryAgain(tx: Tx, id: string, failure: string, afterSeconds: number): Promise<void>;
  /** Kept where an operator sees it, until somebody redelivers it. */
  park(tx: Tx, id: string, failure: string): Promise<void>;
  /** Takes queued ones whose job went missing, to be queued again; each is answered to one caller, and not soon again. */
  forgotten(tx: Tx): Promise<string[]>;
}

export type Sent =
  | { readonly kind: 'delivered'; readonly warning?: string }
  | { readonly kind: 'failed'; readonly reason: string; readonly permanent: boolean };

export interface Sender {
  /** One try of delivering, under the notification's id; a failure is a value. */
  send(notification: DueNotification): Promise<Sent>;
}
