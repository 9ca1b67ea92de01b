// The customers' CRMs: one route of the local Slack's server that takes every webhook and checks its signature as
// the receiver of a Standard Webhook would.
import { createHmac, timingSafeEqual } from 'node:crypto';
import { webhookSecretOf } from '../incident/seed.ts';
import { VENDORS } from '../incident/tenants.ts';
import { bodyOf, type Exchange, sendJson } from '../slack/http/exchange.ts';
import type { ExtraRoute } from '../slack/http/server.ts';
import type { Webhook } from '../slack-page/outside.ts';

export type Crm = {
  readonly route: ExtraRoute;
  received(): readonly Webhook[];
  clear(): void;
};

type Headers = Exchange['request']['headers'];

function signatureOf(headers: Headers, secret: string | null, body: string): Webhook['signature'] {
  const given = headers['webhook-signature'];
  if (given === undefined) return 'none';
  if (secret === null) return 'bad';
  const key = Buffer.from(secret.replace(/^whsec_/, ''), 'base64');
  const signed = `${headers['webhook-id']}.${headers['webhook-timestamp']}.${body}`;
  const wanted = Buffer.from(`v1,${createHmac('sha256', key).update(signed).digest('base64')}`);
  const got = Buffer.from(String(given));
  return got.length === wanted.length && timingSafeEqual(got, wanted) ? 'good' : 'bad';
}

/** CRMs that have received nothing. */
export function createCrm(onChange: () => void): Crm {
  const webhooks: Webhook[] = [];
  const take = async (exchange: Exchange, vendorId: string): Promise<void> => {
    const body = (await bodyOf(exchange)).toString('utf8');
    const { headers } = exchange.request;
    const vendor = VENDORS.find((one) => String(one.id) === vendorId);
    const id = String(headers['webhook-id'] ?? '');
    webhooks.push({
      at: Date.now(),
      vendor: vendor?.name ?? `vendor ${vendorId}`,
      path: exchange.url.pathname,
      id,
      body,
      signature: signatureOf(headers, vendor ? webhookSecretOf(vendor) : null, body),
      repeated: webhooks.some((one) => one.id === id),
    });
    sendJson(exchange, 200, { received: true });
    onChange();
  };
  return {
    route: async (exchange) => {
      const vendorId = /^\/crm\/(\d+)$/.exec(exchange.url.pathname)?.[1];
      if (vendorId === undefined || exchange.request.method !== 'POST') return false;
      await take(exchange, vendorId);
      return true;
    },
    received: () => webhooks,
    clear: () => {
      webhooks.length = 0;
      onChange();
    },
  };
}
