// The runbook's endpoint, called as a program calls it.
import { ENDPOINT_PATH } from '../../http/endpoint.ts';
import type { Bot } from './bot.ts';
import { API_KEY } from './stage.ts';

export type Answered = {
  readonly milliseconds: number;
  readonly batchId: string;
  readonly summary: { readonly matched: number; readonly eligible: number; readonly remaining: number };
};

/** Calls once and resolves with the whole answer. Throws for any other answer than 200. */
export async function call(bot: Bot, body: object): Promise<Answered> {
  const began = performance.now();
  const response = await fetch(`${bot.url}${ENDPOINT_PATH}`, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      authorization: API_KEY.key,
      'or-internal-api-auth-secret': API_KEY.secret,
    },
    body: JSON.stringify(body),
  });
  const text = await response.text();
  const milliseconds = performance.now() - began;
  if (response.status !== 200)
    throw new Error(`the endpoint answered ${response.status}: ${text.slice(0, 500)}`);
  const answer = JSON.parse(text) as { batch_id: string; summary: Answered['summary'] };
  return { milliseconds, batchId: answer.batch_id, summary: answer.summary };
}
