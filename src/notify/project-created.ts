// What customers are told about a new project: the webhook's body and the e-mail. Pure; sends nothing.
import { oneLine } from '../text/one-line.ts';

/** A project that a replay created. Ids are below 2^53. */
export type ProjectCreated = {
  readonly projectUuid: string;
  readonly executionUuid: string;
  readonly vendorId: number;
  readonly rampUuid: string;
  readonly accountId: number;
  readonly accountExternalId: string;
  readonly name: string;
};

const LONGEST_NAME_IN_SUBJECT = 150;

/** The body of the `PROJECT_CREATED` webhook; make it once and send the same text on every try. */
export function projectCreatedBody(project: ProjectCreated, createdAt: Date): string {
  return JSON.stringify({
    type: 'PROJECT_CREATED',
    timestamp: createdAt.toISOString(),
    data: {
      project_uuid: project.projectUuid,
      execution_uuid: project.executionUuid,
      vendor_id: project.vendorId,
      ramp_uuid: project.rampUuid,
      account_id: project.accountId,
      account_external_id: project.accountExternalId,
      name: project.name,
    },
  });
}

/** Subject and plain text of the "project created" e-mail. */
export function projectCreatedEmail(
  project: ProjectCreated,
  createdAt: Date,
): { readonly subject: string; readonly text: string } {
  const name = oneLine(project.name);
  return {
    subject: `Project created: ${shorten(name, LONGEST_NAME_IN_SUBJECT)}`,
    text: [
      'A project was created.',
      '',
      `Name: ${name}`,
      `Project: ${project.projectUuid}`,
      `Account: ${oneLine(project.accountExternalId)}`,
      `Created: ${createdAt.toISOString()}`,
      '',
    ].join('\n'),
  };
}

/** Counts whole characters, so that no emoji is cut in half. */
function shorten(text: string, most: number): string {
  const characters = Array.from(text);
  return characters.length <= most ? text : `${characters.slice(0, most - 1).join('')}…`;
}
