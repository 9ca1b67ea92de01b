// What a Sentry knows: one organisation, its projects, and issues with their events. Like errors are one issue.
import { randomUUID } from 'node:crypto';

export type Status = 'unresolved' | 'resolved' | 'ignored';

export type SentryEvent = { readonly eventID: string; readonly at: Date; readonly environment: string };

export type SentryIssue = {
  readonly id: string;
  readonly shortId: string;
  readonly project: string;
  readonly type: string;
  readonly value: string;
  status: Status;
  /** The newest last. */
  readonly events: SentryEvent[];
};

/** An error as an SDK sends it. */
export type Captured = {
  readonly type: string;
  readonly value: string;
  readonly project?: string;
  readonly environment?: string;
  readonly at?: Date;
};

export type World = {
  readonly org: string;
  readonly projects: readonly string[];
  readonly issues: readonly SentryIssue[];
  readonly environments: ReadonlySet<string>;
  /** Files an error under its issue, a new one where there is none. */
  capture(error: Captured): SentryIssue;
  /** Forgets every issue. */
  clear(): void;
};

const ALPHABET = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
const FIRST_ID = 4_500_000_000;
const FIRST_NUMBER = 4 * 32 * 32 + 15 * 32 + 2;

/** A Sentry to which nothing has happened. */
export function createWorld(org: string, projects: readonly string[]): World {
  const issues: SentryIssue[] = [];
  const environments = new Set(['production']);
  return {
    org,
    projects,
    issues,
    environments,
    capture: ({ type, value, project = projects[0] ?? '', environment = 'production', at = new Date() }) => {
      environments.add(environment);
      const number = FIRST_NUMBER + issues.length;
      let issue = issues.find((one) => one.type === type && one.value === value && one.project === project);
      if (issue === undefined) {
        const shortId = `${project.toUpperCase()}-${inLetters(number)}`;
        issue = {
          id: String(FIRST_ID + number),
          shortId,
          project,
          type,
          value,
          status: 'unresolved',
          events: [],
        };
        issues.push(issue);
      }
      issue.events.push({ eventID: randomUUID().replaceAll('-', ''), at, environment });
      issue.events.sort((one, other) => one.at.getTime() - other.at.getTime());
      return issue;
    },
    clear: () => {
      issues.length = 0;
    },
  };
}

/** As Sentry counts: in letters and digits that nobody mistakes for others. */
function inLetters(number: number): string {
  const rest = Math.floor(number / ALPHABET.length);
  return `${rest === 0 ? '' : inLetters(rest)}${ALPHABET[number % ALPHABET.length]}`;
}
