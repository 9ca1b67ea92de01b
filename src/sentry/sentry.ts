// Asks Sentry about an issue: the one that was named, or the one that an error group is, and when its events were. It reads, and
// whatever goes wrong is an answer.
import { minutesToMilliseconds } from 'date-fns/minutesToMilliseconds';
import { startOfSecond } from 'date-fns/startOfSecond';
import { type GroupOfSentry, hasParts, type SentryAnswer, type SentryQuestion } from '../domain/sentry.ts';
import type { Sentry } from '../engine/ports.ts';
import { asEventTimes, asIssue, asIssues, asResolved, type Issue } from './answers.ts';
import { type ClientOptions, get, NotAsked, type Page } from './client.ts';
import { locate } from './issue-name.ts';

export type SentryOptions = ClientOptions & {
  readonly org: string;
  readonly projects: readonly string[];
  /** Whose events count; null: those of all. */
  readonly environment: string | null;
};

/** How many pages of a hundred issues are looked through. */
const MOST_PAGES = 5;
/** The longest that a limit is believed. */
const LONGEST_LIMIT_MS = minutesToMilliseconds(5);

type Ask = (path: string, query: Record<string, readonly string[]>) => Promise<Page>;

/** What there is to ask. Connects nothing yet. */
export function createSentry(options: SentryOptions): Sentry {
  let limitedUntil = 0;
  return {
    problemOf: (named) => {
      const at = locate(named, options);
      return at.kind === 'elsewhere' ? at.why : null;
    },
    ask: async (question, patienceMs) => {
      if (Date.now() < limitedUntil)
        return { kind: 'not_asked', why: `429, it wants to be asked again at ${clock(limitedUntil)} UTC` };
      const signal = AbortSignal.timeout(patienceMs);
      const asking: Ask = (path, query) =>
        get(options, `organizations/${options.org}/${path}`, searchOf(options, query), signal);
      try {
        return await answer(options, asking, question);
      } catch (error) {
        if (!(error instanceof NotAsked)) throw error;
        if (error.untilMs !== null) limitedUntil = Math.min(error.untilMs, Date.now() + LONGEST_LIMIT_MS);
        return { kind: 'not_asked', why: error.message };
      }
    },
  };
}

function clock(ms: number): string {
  return new Date(ms).toISOString().slice(11, 19);
}

function searchOf({ environment }: SentryOptions, query: Record<string, readonly string[]>): URLSearchParams {
  const pairs = Object.entries(query).flatMap(([name, values]) =>
    values.map((value): [string, string] => [name, value]),
  );
  return new URLSearchParams(environment === null ? pairs : [...pairs, ['environment', environment]]);
}

async function answer(
  options: SentryOptions,
  ask: Ask,
  { named, group, since }: SentryQuestion,
): Promise<SentryAnswer> {
  const askedAt = new Date().toISOString();
  const found =
    named === null ? await find(options, ask, group) : { issue: await read(options, ask, named), others: 0 };
  if (found === null) return { kind: 'none' };
  const { issue, others } = found;
  const page = await ask(`issues/${issue.id}/events/`, {});
  const times = asEventTimes(page.body);
  // Sentry tells whole seconds: what came in the second in which a run began, and may be new, looks older than that.
  const from = startOfSecond(since).toISOString();
  const events = times.filter((at) => at >= from).length;
  return {
    kind: 'told',
    shortId: issue.shortId,
    url: `${options.origin}/organizations/${options.org}/issues/${issue.id}/`,
    named: named !== null,
    lastEventAt: newestOf(times[0], options.environment === null ? issue.lastSeen : null),
    since,
    events,
    more: page.next !== null && events === times.length,
    others,
    askedAt,
  };
}

/** An issue's own word is of all environments, and may come later or sooner than its events. */
function newestOf(...times: (string | null | undefined)[]): string | null {
  return (
    times
      .filter((at) => typeof at === 'string')
      .sort()
      .at(-1) ?? null
  );
}

/** The issue that was named, wherever in the organisation it is. */
async function read(options: SentryOptions, ask: Ask, named: string): Promise<Issue> {
  const at = locate(named, options);
  if (at.kind === 'elsewhere') throw new NotAsked(`what was named ${at.why}`);
  const path = at.kind === 'id' ? `issues/${at.id}/` : `shortids/${at.id}/`;
  try {
    const { body } = await ask(path, {});
    return at.kind === 'id' ? asIssue(body) : asResolved(body);
  } catch (error) {
    if (!(error instanceof NotAsked) || !error.isMissing) throw error;
    throw new NotAsked(`404, there is no issue ${at.id} in ${options.org}`);
  }
}

/** The issue with the newest event of those that fit, and how many others do; whatever its status. */
async function find({ projects }: SentryOptions, ask: Ask, group: GroupOfSentry | null) {
  if (group === null) return null;
  const fitting: Issue[] = [];
  let cursor: string | null = null;
  for (let page = 0; page < MOST_PAGES; page++) {
    // A search that says nothing of a status finds them all; without any it would be those that are unresolved.
    const query = { query: [`error.type:${group.errorType}`], projectSlug: projects, limit: ['100'] };
    const { body, next } = await ask('issues/', cursor === null ? query : { ...query, cursor: [cursor] });
    fitting.push(...asIssues(body).filter((issue) => fits(issue, group, projects)));
    cursor = next;
    if (next === null) break;
  }
  const [newest, ...others] = fitting.sort((a, b) => (b.lastSeen ?? '').localeCompare(a.lastSeen ?? ''));
  return newest === undefined ? null : { issue: newest, others: others.length };
}

function fits(
  { metadata, project }: Issue,
  { errorType, message }: GroupOfSentry,
  projects: readonly string[],
): boolean {
  if (metadata?.type !== errorType || !projects.includes(project?.slug ?? '')) return false;
  return hasParts(metadata.value ?? '', message);
}
