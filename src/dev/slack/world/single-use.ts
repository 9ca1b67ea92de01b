// What Slack hands out with a payload and takes back only for a while: trigger ids and response URLs.

import { randomBytes } from 'node:crypto';
import { minutesToMilliseconds } from 'date-fns/minutesToMilliseconds';

const RESPONSE_URL_LIFE_MS = minutesToMilliseconds(30);
const RESPONSE_URL_USES = 5;

export interface Trigger {
  readonly user: string;
  readonly conversation?: string;
  readonly issuedAt: number;
  used: boolean;
}

export type TriggerClaim =
  | { readonly kind: 'claimed'; readonly user: string; readonly conversation?: string }
  | {
      readonly kind: 'refused';
      readonly error: 'invalid_trigger_id' | 'expired_trigger_id' | 'exchanged_trigger_id';
    };

export interface Triggers {
  /** `conversation` is what the person was looking at. */
  issue(user: string, conversation?: string): string;
  claim(id: unknown): TriggerClaim;
}

/** Trigger ids: good once, for `lifeMs`. */
export function createTriggers(now: () => number, lifeMs: number): Triggers {
  const issued = new Map<string, Trigger>();
  return {
    issue(user, conversation) {
      const id = `${Math.floor(now())}.${randomBytes(5).readUIntBE(0, 5)}.${randomBytes(16).toString('hex')}`;
      issued.set(id, { user, issuedAt: now(), used: false, ...(conversation ? { conversation } : {}) });
      return id;
    },
    claim(id) {
      const trigger = typeof id === 'string' ? issued.get(id) : undefined;
      if (!trigger) return { kind: 'refused', error: 'invalid_trigger_id' };
      if (trigger.used) return { kind: 'refused', error: 'exchanged_trigger_id' };
      if (now() - trigger.issuedAt > lifeMs) return { kind: 'refused', error: 'expired_trigger_id' };
      trigger.used = true;
      const { user, conversation } = trigger;
      return { kind: 'claimed', user, ...(conversation ? { conversation } : {}) };
    },
  };
}

/** What a response URL answers to: the person, the place, and the message that carried the button. */
export interface ResponseTarget {
  readonly user: string;
  readonly channel: string;
  readonly threadTs?: string;
  readonly source?: { readonly kind: 'message' | 'ephemeral'; readonly ts: string };
}

export type ResponseClaim =
  | { readonly kind: 'claimed'; readonly target: ResponseTarget }
  | { readonly kind: 'refused'; readonly error: 'no_service' | 'expired_url' | 'used_url' };

export interface ResponseUrls {
  /** The path's last part: the caller knows the host. */
  issue(target: ResponseTarget): string;
  claim(secret: string): ResponseClaim;
}

/** Response URLs: good five times, for thirty minutes. */
export function createResponseUrls(now: () => number): ResponseUrls {
  const issued = new Map<string, { target: ResponseTarget; issuedAt: number; uses: number }>();
  return {
    issue(target) {
      const secret = randomBytes(18).toString('base64url');
      issued.set(secret, { target, issuedAt: now(), uses: 0 });
      return secret;
    },
    claim(secret) {
      const url = issued.get(secret);
      if (!url) return { kind: 'refused', error: 'no_service' };
      if (now() - url.issuedAt > RESPONSE_URL_LIFE_MS) return { kind: 'refused', error: 'expired_url' };
      if (url.uses >= RESPONSE_URL_USES) return { kind: 'refused', error: 'used_url' };
      url.uses += 1;
      return { kind: 'claimed', target: url.target };
    },
  };
}
