// The runbook's endpoint, called as a program calls it.
import { ENDPOINT_PATH } from '../../http/endpoint.ts';
import type { Bot } from './bot.ts';
import { API_KEY } from './stage.ts';
import type { Window } from './windows.ts';

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

/**
 * The runbook by hand: calls of 25 rows until none is left of the window. `around` is given each call and makes it. Throws
 * where a call replays nothing.
 */
export async function callUntilNoneIsLeft(
  bot: Bot,
  { since, until }: Window,
  around: (make: () => Promise<Answered>) => Promise<Answered> = (make) => make(),
): Promise<void> {
  const body = { since, until, suppress_notifications: true, dry_run: false };
  for (let left = Number.POSITIVE_INFINITY; left > 0; ) {
    const { summary } = await around(() => call(bot, body));
    if (summary.remaining >= left) throw new Error(`a call replayed nothing: ${summary.remaining} are left`);
    left = summary.remaining;
  }
}
