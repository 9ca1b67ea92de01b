import fc from 'fast-check';
import {
  type ProjectCreated,
  projectCreatedBody,
  projectCreatedEmail,
} from '../../src/notify/project-created.ts';

const PROJECT: ProjectCreated = {
  projectUuid: '7f1d8f0e-6a3c-4a51-9d5e-0b6f3a2c1d4e',
  executionUuid: '1c9e2a7b-3f4d-4c8a-8b6e-5d2f1a0c9e8b',
  vendorId: 42,
  rampUuid: '9a8b7c6d-5e4f-4a3b-8c2d-1e0f9a8b7c6d',
  accountId: 7,
  accountExternalId: 'crm-001',
  name: 'Acme — onboarding',
};
const CREATED_AT = new Date('2026-05-11T12:30:00.123Z');

describe('the webhook about a new project', () => {
  it("tells the customer's CRM the project, its execution and its account", () => {
    expect(JSON.parse(projectCreatedBody(PROJECT, CREATED_AT))).toEqual({
      type: 'PROJECT_CREATED',
      timestamp: '2026-05-11T12:30:00.123Z',
      data: {
        project_uuid: PROJECT.projectUuid,
        execution_uuid: PROJECT.executionUuid,
        vendor_id: 42,
        ramp_uuid: PROJECT.rampUuid,
        account_id: 7,
        account_external_id: 'crm-001',
        name: 'Acme — onboarding',
      },
    });
  });

  it('keeps every name as it is, and is one text for the same project', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), fc.string({ unit: 'binary' }), (name, accountExternalId) => {
        const body = projectCreatedBody({ ...PROJECT, name, accountExternalId }, CREATED_AT);
        expect(JSON.parse(body).data).toMatchObject({ name, account_external_id: accountExternalId });
        expect(projectCreatedBody({ ...PROJECT, name, accountExternalId }, CREATED_AT)).toBe(body);
      }),
    );
  });
});

describe('the e-mail about a new project', () => {
  it('names the project in the subject and says what it is in the text', () => {
    const { subject, text } = projectCreatedEmail(PROJECT, CREATED_AT);
    expect(subject).toBe('Project created: Acme — onboarding');
    expect(text.split('\n')).toEqual([
      'A project was created.',
      '',
      'Name: Acme — onboarding',
      `Project: ${PROJECT.projectUuid}`,
      'Account: crm-001',
      'Created: 2026-05-11T12:30:00.123Z',
      '',
    ]);
  });

  it('keeps its lines, though the name and the account bring line ends along', () => {
    const project = { ...PROJECT, name: 'Acme\r\nProject: forged', accountExternalId: 'a\u2028b\u202ec' };
    const { subject, text } = projectCreatedEmail(project, CREATED_AT);
    expect(subject).toBe('Project created: Acme Project: forged');
    expect(text.split('\n')).toHaveLength(7);
    expect(text).toContain('Account: a b c\n');
  });

  it('shortens a very long name in the subject only, and cuts no character in half', () => {
    const name = '🚀'.repeat(400);
    const { subject, text } = projectCreatedEmail({ ...PROJECT, name }, CREATED_AT);
    expect(subject).toBe(`Project created: ${'🚀'.repeat(149)}…`);
    expect(text).toContain(name);
  });
});
