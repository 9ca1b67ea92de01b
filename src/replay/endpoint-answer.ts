// What the endpoint's answer means. It names rows in `skipped[]`, and some name them in `results[]`; everything else in it is
// its own account, and not believed. What it says is another program's text: masked, and cut.
import { differenceInSeconds } from 'date-fns/differenceInSeconds';
import { z } from 'zod';
import type { Named } from '../domain/sent-row.ts';
import type { CallAnswer } from '../engine/ports.ts';
import { oneLine } from '../text/one-line.ts';
import { maskSecrets } from '../text/secrets.ts';

export type Received = {
  readonly status: number;
  readonly retryAfter: string | undefined;
  /** What the endpoint's own clock said. */
  readonly date: string | undefined;
  readonly text: string;
};

const MOST_TOLD = 4000;
const MOST_SAID = 300;

/** Any JSON: what has not this shape is not there. */
const text = z.string().nullish().catch(null);
const skippedRow = z.object({ execution_uuid: z.string(), reason: z.string(), detail: text });
const resultRow = z.object({
  execution_uuid: z.string(),
  outcome: z.string(),
  reason: text,
  detail: text,
  error_type: text,
  error_message: text,
});
const list = z.array(z.unknown()).catch([]);
const answer = z.object({ skipped: list.default([]), results: list.default([]) });
const refusal = z.object({
  error: text,
  message: text,
  issues: z
    .array(z.object({ path: text, message: text }))
    .catch([])
    .default([]),
});

/** What an answer that came whole means. */
export function answerOf({ status, retryAfter, date, text: body }: Received): CallAnswer {
  if (status === 429 || status === 503) {
    return { kind: 'busy', status, retryAfterSeconds: secondsOf(retryAfter, date) };
  }
  if (status >= 500) return { kind: 'lost', status, why: `it answered ${status}` };
  const json = parse(body);
  if (status >= 200 && status < 300) {
    const read = answer.safeParse(json);
    return read.success
      ? { kind: 'answered', status, named: namedIn(read.data) }
      : { kind: 'lost', status, why: `it answered ${status} with something that is no JSON object` };
  }
  return { kind: 'refused', status, says: refusalOf(status, json) };
}

function parse(body: string): unknown {
  try {
    return JSON.parse(body.replace(/^\uFEFF/, ''));
  } catch {
    return undefined;
  }
}

/** The endpoint's word on single rows. */
function namedIn({ skipped, results }: z.output<typeof answer>): Map<string, Named> {
  const named = new Map<string, Named>();
  for (const one of results) {
    const { data } = resultRow.safeParse(one);
    if (data === undefined) continue;
    const uuid = data.execution_uuid.toLowerCase();
    if (data.outcome === 'skipped') named.set(uuid, skip(data.reason ?? 'not told', data.detail));
    if (data.outcome === 'error' || data.outcome === 'failed')
      named.set(uuid, {
        kind: 'error',
        errorType: told(data.error_type),
        errorMessage: told(data.error_message),
      });
  }
  for (const one of skipped) {
    const { data } = skippedRow.safeParse(one);
    if (data !== undefined) named.set(data.execution_uuid.toLowerCase(), skip(data.reason, data.detail));
  }
  return named;
}

function skip(reason: string, detail: string | null | undefined): Named {
  return { kind: 'skipped', reason: told(reason) ?? 'not told', detail: told(detail) ?? '' };
}

/** Text that Postgres takes. */
function told(text: string | null | undefined): string | null {
  const clean = text?.replaceAll('\0', '').slice(0, MOST_TOLD).toWellFormed();
  return clean ? clean : null;
}

function refusalOf(status: number, json: unknown): string {
  if (status === 401 || status === 403)
    return `the endpoint refuses the bot's key (${status}): set REPLAY_API_KEY and REPLAY_API_SECRET right`;
  if (status >= 300 && status < 400)
    return `the endpoint answers with a redirect (${status}): set REPLAY_URL to where it is`;
  const { data } = refusal.safeParse(json);
  const said = [
    data?.error,
    data?.message,
    ...(data?.issues ?? []).map(({ path, message }) => [path, message].filter(Boolean).join(' ')),
  ];
  const words = maskSecrets(
    oneLine(
      said
        .filter(Boolean)
        .join('; ')
        .slice(0, 4 * MOST_SAID),
    ),
  ).slice(0, MOST_SAID);
  return `the endpoint refuses the call (${status})${words === '' ? '' : `: ${words}`}`;
}

/** Seconds, or a date: one of the endpoint's clock, which may be another than this process's. */
function secondsOf(retryAfter: string | undefined, date: string | undefined): number | null {
  if (retryAfter === undefined) return null;
  if (/^\d{1,9}$/.test(retryAfter.trim())) return Number(retryAfter);
  const until = new Date(retryAfter);
  const now = new Date(date ?? Number.NaN);
  const seconds = differenceInSeconds(until, Number.isNaN(now.getTime()) ? new Date() : now);
  return Number.isNaN(seconds) ? null : Math.max(0, seconds);
}
