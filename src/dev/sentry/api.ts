// The part of Sentry's API that tells of issues: the list of an organisation, one issue, its events, and a short id resolved.
// Written from its reference and its source: what it refuses is refused here in the same way.
import { DETAILS } from './faults.ts';
import { eventShape, issueShape } from './shapes.ts';
import type { SentryEvent, SentryIssue, World } from './world.ts';

export type Site = { readonly origin: string; readonly token: string; readonly world: World };

export type Answer = {
  readonly status: number;
  readonly body: unknown;
  readonly headers?: Record<string, string>;
};

const PAGE = 100;

/** The answer to one GET. */
export function answerGet(site: Site, url: URL, authorization: string | undefined): Answer {
  if (authorization === undefined)
    return { status: 401, body: { detail: 'Authentication credentials were not provided.' } };
  if (authorization !== `Bearer ${site.token}`) return refusal(401);
  const [, org, rest = ''] = /^\/api\/0\/organizations\/([^/]+)\/(.*)$/.exec(url.pathname) ?? [];
  if (org !== site.world.org) return refusal(404);
  if (!url.pathname.endsWith('/'))
    return { status: 301, body: '', headers: { location: `${url.pathname}/${url.search}` } };
  const [collection, id, events, ...more] = rest.split('/').filter((part) => part !== '');
  if (more.length > 0) return refusal(404);
  if (collection === 'shortids' && id !== undefined && events === undefined)
    return resolveShortId(site, url, id);
  if (collection !== 'issues') return refusal(404);
  if (id === undefined) return listIssues(site, url);
  const issue = site.world.issues.find((one) => one.id === id || one.shortId === id.toUpperCase());
  if (issue === undefined) return refusal(404);
  if (events === 'events') return listEvents(site, url, issue);
  return events === undefined ? { status: 200, body: shape(site, url, issue) } : refusal(404);
}

function refusal(status: number): Answer {
  return { status, body: { detail: DETAILS[status] } };
}

function resolveShortId(site: Site, url: URL, shortId: string): Answer {
  const issue = site.world.issues.find((one) => one.shortId === shortId.toUpperCase());
  if (issue === undefined) return refusal(404);
  const group = shape(site, url, issue);
  const { id: groupId, project: projectSlug } = issue;
  return {
    status: 200,
    body: { organizationSlug: site.world.org, projectSlug, groupId, group, shortId: issue.shortId },
  };
}

function shape({ origin, world }: Site, url: URL, issue: SentryIssue): object {
  return issueShape(issue, origin, world.org, eventsOf(url, issue));
}

function eventsOf({ searchParams }: URL, { events }: SentryIssue): readonly SentryEvent[] {
  const environments = searchParams.getAll('environment');
  return environments.length === 0 ? events : events.filter((one) => environments.includes(one.environment));
}

/** Without a query those that are unresolved; the newest first. */
function listIssues(site: Site, url: URL): Answer {
  const { world } = site;
  const { searchParams: asked } = url;
  if (asked.getAll('project').some((id) => !/^-?\d+$/.test(id)))
    return { status: 400, body: { detail: 'Invalid project parameter. Values must be numbers.' } };
  const slugs = asked.getAll('projectSlug');
  if (slugs.some((slug) => !world.projects.includes(slug))) return refusal(403);
  if (asked.getAll('environment').some((name) => !world.environments.has(name))) return refusal(404);
  const terms = (asked.get('query') ?? 'is:unresolved').split(' ').filter((term) => term !== '');
  const last = (issue: SentryIssue) => eventsOf(url, issue).at(-1)?.at.getTime() ?? 0;
  const found = world.issues
    .filter((issue) => slugs.length === 0 || slugs.includes(issue.project))
    .filter((issue) => terms.every((term) => matches(issue, term)) && eventsOf(url, issue).length > 0)
    .sort((one, other) => last(other) - last(one));
  const limit = Math.min(Number(asked.get('limit') ?? PAGE), PAGE);
  return page(url, found, limit, (issue) => shape(site, url, issue));
}

function matches(issue: SentryIssue, term: string): boolean {
  const [key, wanted = ''] = term.split(/:(.*)/s);
  const value = wanted.replace(/^"(.*)"$/s, '$1');
  if (key === 'is') return issue.status === value;
  if (key === 'error.type') return issue.type === value;
  return `${issue.type}: ${issue.value}`.includes(term);
}

/** The newest first, of the last ninety days where nothing else is said. An environment that nobody knows has none. */
function listEvents({ world }: Site, url: URL, issue: SentryIssue): Answer {
  const known = url.searchParams.getAll('environment').every((name) => world.environments.has(name));
  const start = Date.parse(url.searchParams.get('start') ?? '') || Date.now() - 90 * 86_400_000;
  const events = known ? eventsOf(url, issue).filter(({ at }) => at.getTime() >= start) : [];
  return page(url, [...events].reverse(), PAGE, (event) => eventShape(event, issue));
}

/** Both links are always there; `results` says whether there is anything behind them. */
function page<Item>(url: URL, all: readonly Item[], limit: number, say: (item: Item) => object): Answer {
  const offset = Number(/^0:(\d+):0$/.exec(url.searchParams.get('cursor') ?? '0:0:0')?.[1] ?? 0);
  const link = (rel: string, at: number, results: boolean) => {
    const cursor = `0:${Math.max(0, at)}:${rel === 'next' ? 0 : 1}`;
    const address = new URL(url);
    address.searchParams.set('cursor', cursor);
    return `<${address.href}>; rel="${rel}"; results="${results}"; cursor="${cursor}"`;
  };
  const next = offset + limit;
  return {
    status: 200,
    body: all.slice(offset, next).map(say),
    headers: {
      link: [link('previous', offset - limit, offset > 0), link('next', next, next < all.length)].join(', '),
      'x-hits': String(all.length),
    },
  };
}
