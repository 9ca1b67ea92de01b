// Issues and events as the API gives them, with every field that its reference shows.
import type { SentryEvent, SentryIssue } from './world.ts';

/** Seconds, as the API has them. */
const second = (at: Date): string => at.toISOString().replace(/\.\d+Z$/, 'Z');

/** An issue; its times and counts are those of `events`. */
export function issueShape(
  issue: SentryIssue,
  origin: string,
  org: string,
  events: readonly SentryEvent[],
): object {
  const { id, shortId, project, type, value, status } = issue;
  const title = `${type}: ${value.split('\n')[0]}`;
  return {
    ...{
      annotations: [],
      assignedTo: null,
      count: String(events.length),
      culprit: 'workflows.create_project',
    },
    firstSeen: second(events[0]?.at ?? new Date(0)),
    ...{ hasSeen: false, id, isBookmarked: false, isPublic: false, isSubscribed: true },
    ...{ issueCategory: 'error', issueType: 'error', isUnhandled: true },
    lastSeen: second(events.at(-1)?.at ?? new Date(0)),
    ...{ level: 'error', logger: null },
    metadata: {
      type: type.slice(0, 128),
      value: value.length > 1024 ? `${value.slice(0, 1021)}...` : value,
      filename: 'workflows/steps.py',
      function: 'create_project',
    },
    numComments: 0,
    permalink: `${origin}/organizations/${org}/issues/${id}/`,
    platform: 'python',
    project: { id: '2', name: project, slug: project, platform: 'python' },
    ...{
      shareId: null,
      shortId,
      status,
      statusDetails: {},
      substatus: status === 'unresolved' ? 'ongoing' : null,
    },
    ...{ subscriptionDetails: null, title, type: 'error', userCount: 0 },
  };
}

/** One event of an issue, as lists have it. */
export function eventShape({ eventID, at, environment }: SentryEvent, issue: SentryIssue): object {
  return {
    eventID,
    tags: [
      { key: 'environment', value: environment },
      { key: 'level', value: 'error' },
      { key: 'server_name', value: 'worker-1.example.com' },
    ],
    dateCreated: second(at),
    user: null,
    message: '',
    title: `${issue.type}: ${issue.value.split('\n')[0]}`,
    id: eventID,
    platform: 'python',
    'event.type': 'error',
    groupID: issue.id,
    ...{
      crashFile: null,
      culprit: 'workflows.create_project',
      location: 'workflows/steps.py',
      projectID: '2',
    },
  };
}
