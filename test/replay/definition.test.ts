// What a workflow version would create out of a trigger's payload, or the failure by its name.
import fc from 'fast-check';
import { StepFailure } from '../../src/engine/replay/step-failure.ts';
import { fillDefinition } from '../../src/replay/definition.ts';
import { DEFINITION } from '../support/world.ts';

const PAYLOAD = { account: { id: 'acct-1', name: 'Globex' } };

const fill = (definition: unknown, payload: unknown = PAYLOAD) =>
  fillDefinition(definition, 3, typeof payload === 'string' ? payload : JSON.stringify(payload));

/** The failure by its name; a result fails the test. */
function failure(definition: unknown, payload?: unknown): { type: string; message: string } {
  try {
    return { type: 'none', message: JSON.stringify(fill(definition, payload)) };
  } catch (error) {
    if (!(error instanceof StepFailure)) throw error;
    return { type: error.errorType, message: error.message };
  }
}

const { account, project } = DEFINITION;
const named = (name: string) => ({ account, project: { name, tasks: [] } });
const idAt = (external_id: string) => ({ account: { ...account, external_id }, project });

describe('a definition', () => {
  it("is filled from the trigger's payload", () => {
    expect(fill(DEFINITION)).toEqual({
      accountExternalId: 'acct-1',
      accountName: 'Globex',
      projectName: 'Globex — onboarding',
      tasks: ['Kick-off', 'Data import'],
    });
  });

  it.each([
    ['no placeholder', 'Onboarding', 'Onboarding'],
    ['several', '{{account.name}} / {{account.id}} / {{account.name}}', 'Globex / acct-1 / Globex'],
    ['spaces in the braces', '{{ account.name }}', 'Globex'],
    ['single braces and signs that mean something elsewhere', '{x} $& $1 {{account.id}}', '{x} $& $1 acct-1'],
  ])('may have a project name with %s', (_, name, expected) => {
    expect(fill(named(name)).projectName).toBe(expected);
  });

  it('puts a value into the name as it is, placeholders and all', () => {
    const tricky = { account: { id: '1', name: '{{account.id}} $& $1' } };
    expect(fill(named('{{account.name}}!'), tricky).projectName).toBe('{{account.id}} $& $1!');
  });

  it.each([
    ['there is no such version', undefined],
    ['it is null', null],
    ['it is a text', 'account'],
    ['it is a list', [DEFINITION]],
    ['it is empty', {}],
    ['it has no account', { project }],
    ['it has no project', { account }],
    ['the account is a text', { account: 'account.id', project }],
    ['the account has no external_id', { account: { name: 'account.name' }, project }],
    ['the account has no name', { account: { external_id: 'account.id' }, project }],
    ['a path is a number', idAt(5 as unknown as string)],
    ['a path is empty', idAt('')],
    ['a path is blank', idAt('  ')],
    ['a path begins with a dot', idAt('.account')],
    ['a path ends with a dot', idAt('account.')],
    ['a path has two dots', idAt('account..id')],
    ['a path has braces', idAt('{{account.id}}')],
    ['the project is a list', { account, project: [] }],
    ['the project has no name', { account, project: { tasks: [] } }],
    ['the project name is blank', named(' \n')],
    ['the project name is a number', named(7 as unknown as string)],
    ['the project has no tasks', { account, project: { name: 'x' } }],
    ['the tasks are a text', { account, project: { name: 'x', tasks: 'Kick-off' } }],
    ['a task is a number', { account, project: { name: 'x', tasks: ['Kick-off', 1] } }],
    ['a task is blank', { account, project: { name: 'x', tasks: ['Kick-off', ' '] } }],
    ['a placeholder is empty', named('{{}} onboarding')],
    ['a placeholder is no path', named('{{account..name}}')],
    ['a placeholder has two words', named('{{account name}}')],
    ['a placeholder is not closed', named('{{account.name — onboarding')],
    ['a placeholder is not opened', named('account.name}} — onboarding')],
    ['a placeholder stands in another', named('{{account.{{account.id}}}}')],
  ])('is a config error where %s', (_, definition) => {
    expect(failure(definition)).toEqual({
      type: 'WorkflowConfigError',
      message: expect.stringContaining('version 3'),
    });
  });
});

describe('a path', () => {
  it.each([
    ['the payload has no account', {}],
    ['the account is null', { account: null }],
    ['the account is a text', { account: 'acct-1' }],
    ['the account is a number', { account: 7 }],
    ['the account is a list', { account: [{ id: 'acct-1' }] }],
    ['the payload is null', null],
    ['the payload is a list', []],
    ['the payload is a text', '"account"'],
  ])('leads to no related account where %s', (_, payload) => {
    expect(failure(DEFINITION, payload).type).toBe('MissingRelatedAccountError');
  });

  it.each([
    ['is not there', {}],
    ['is null', { id: null }],
    ['is empty', { id: '' }],
    ['is blank', { id: ' \t\n\u00a0' }],
    ['is true', { id: true }],
    ['is a list', { id: ['acct-1'] }],
    ['is an object', { id: { value: 'acct-1' } }],
  ])('leads to a missing trigger field where the value %s', (_, fields) => {
    const failed = failure(DEFINITION, { account: { name: 'Globex', ...fields } });
    expect(failed).toEqual({
      type: 'MissingTriggerFieldError',
      message: expect.stringContaining('account.id'),
    });
  });

  it('beside the account leads to a missing trigger field, also where there is no account', () => {
    expect(failure(idAt('company.id'), { account: PAYLOAD.account })).toMatchObject({
      type: 'MissingTriggerFieldError',
      message: expect.stringContaining('company.id'),
    });
    expect(failure(idAt('company.id'), {}).type).toBe('MissingTriggerFieldError');
  });

  it.each(['__proto__', 'constructor', 'constructor.name', 'toString', 'length', 'id.length', 'id.0'])(
    'finds nothing at account.%s, which every object has and no payload said',
    (key) => {
      expect(failure(idAt(`account.${key}`))).toEqual({
        type: 'MissingTriggerFieldError',
        message: `trigger field account.${key} is missing`,
      });
    },
  );

  it.each(['__proto__', 'constructor', 'length', 'hasOwnProperty'])(
    'finds %s where the payload does say it',
    (key) => {
      const payload = `{"account": {"${key}": "acct-9", "name": "Globex"}}`;
      expect(fill(idAt(`account.${key}`), payload).accountExternalId).toBe('acct-9');
    },
  );

  it('does not take the length of a list for a value', () => {
    expect(failure(idAt('account.ids.length'), { account: { ids: [1], name: 'x' } }).type).toBe(
      'MissingTriggerFieldError',
    );
  });

  it('goes as deep as it says', () => {
    const payload = { account: { name: 'Globex', crm: { ids: { main: 'deep' } } } };
    expect(fill(idAt('account.crm.ids.main'), payload).accountExternalId).toBe('deep');
    expect(failure(idAt('account.crm.ids.main.more'), payload).type).toBe('MissingTriggerFieldError');
  });
});

describe('a number', () => {
  it.each([
    ['0', '0'],
    ['42', '42'],
    ['-7', '-7'],
    ['1.5', '1.5'],
    ['9007199254740991', '9007199254740991'],
    ['9007199254740993', '9007199254740993'],
    ['-9007199254740993', '-9007199254740993'],
    ['1234567890123456789012345678901234567890', '1234567890123456789012345678901234567890'],
  ])('%s is the external id %s, digit by digit', (json, expected) => {
    const payload = `{"account": {"id": ${json}, "name": "Globex"}}`;
    expect(fill(DEFINITION, payload).accountExternalId).toBe(expected);
  });

  it('keeps all its digits, however many', () => {
    fc.assert(
      fc.property(fc.bigInt({ min: -(10n ** 300n), max: 10n ** 300n }), (value) => {
        const payload = `{"account": {"id": ${value}, "name": "Globex"}}`;
        expect(fill(DEFINITION, payload).accountExternalId).toBe(String(value));
      }),
    );
  });

  it('that is not finite is no value', () => {
    expect(failure(DEFINITION, '{"account": {"id": 1e999, "name": "Globex"}}').type).toBe(
      'MissingTriggerFieldError',
    );
  });
});
