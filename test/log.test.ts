// What may be read in the log, by more people than may read the database.
import { spawnSync } from 'node:child_process';
import { errorFields } from '../src/log.ts';

/** The lines that a process writes which logs like this. */
function logged(statements: string): Record<string, unknown>[] {
  const script = `import { createLog, errorFields } from './src/log.ts'; const log = createLog('info'); ${statements}`;
  const ran = spawnSync(process.execPath, ['--input-type=module', '-e', script], {
    encoding: 'utf8',
    env: {},
  });
  expect(ran.stderr).toBe('');
  return ran.stdout
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as Record<string, unknown>);
}

describe('the log', () => {
  it('is one JSON line per event, with the level as a word and the time as text', () => {
    expect(logged(`log.info({ batchId: 'b' }, 'run left'); log.debug({}, 'not shown');`)).toEqual([
      {
        level: 'info',
        time: expect.stringMatching(/^\d{4}-.*Z$/),
        pid: expect.any(Number),
        batchId: 'b',
        msg: 'run left',
      },
    ]);
  });

  it('never shows a token, a secret, a cookie or a response URL, wherever they turn up', () => {
    const secrets = {
      ...{ token: 'hidden', secret: 'hidden', password: 'hidden', cookie: 'hidden', authorization: 'hidden' },
      ...{ response_url: 'hidden', url: 'hidden' },
    };
    const text = JSON.stringify(
      logged(
        `const s = ${JSON.stringify(secrets)}; log.info(s, 'a'); log.info({ body: s }, 'b'); log.info({ request: { headers: s } }, 'c');`,
      ),
    );
    expect(text).not.toContain('hidden');
    expect(text.match(/\[removed\]/g)).toHaveLength(21);
  });
});

describe('an error in the log', () => {
  it('has its kind, message, code and causes, and no stack', () => {
    const cause = Object.assign(new Error('connect ECONNREFUSED'), { code: 'ECONNREFUSED' });
    expect(errorFields(new TypeError('it broke', { cause }))).toEqual({
      error: 'TypeError',
      message: 'it broke',
      cause: { error: 'Error', message: 'connect ECONNREFUSED', code: 'ECONNREFUSED' },
    });
  });

  it('may be anything that was thrown', () => {
    expect(errorFields('a text')).toEqual({ error: 'a text' });
    expect(errorFields(undefined)).toEqual({ error: 'undefined' });
  });

  it('may be its own cause', () => {
    const error = new Error('round');
    error.cause = error;
    expect(errorFields(error)).toMatchObject({ error: 'Error', message: 'round' });
  });
});
