// What an operator's script may send, and how it is told everything that is wrong with it.
import { once } from 'node:events';
import { connect } from 'node:net';
import { brotliCompressSync, gzipSync } from 'node:zlib';
import { sharedCaller } from '../support/caller.ts';
import { type Call, ENDPOINT, send } from '../support/http.ts';

const LIMIT = 256 * 1024;
const SINCE = '2026-05-11T12:30:00Z';
const DRY_RUN = JSON.stringify({ since: SINCE });

const { world, app, admin } = sharedCaller();

const ask = (call: Call) => send(app, { ...call, headers: { ...admin, ...call.headers } });
const typed = (type: string | undefined, body: string | Buffer = DRY_RUN) =>
  ask({ headers: { 'content-type': type }, body });
/** The issues of a refused request. */
async function issuesOf(body: unknown): Promise<{ path: string; message: string }[]> {
  const answered = await ask({ body: typeof body === 'string' ? body : JSON.stringify(body) });
  expect(answered.status).toBe(400);
  expect(Object.keys(answered.body)).toEqual(['error', 'issues']);
  expect(answered.body.error).toBe('invalid_request');
  return answered.body.issues as { path: string; message: string }[];
}
/** A dry run padded with white space to so many bytes. */
const padded = (size: number) => DRY_RUN + ' '.repeat(size - DRY_RUN.length);

describe('the content type', () => {
  it.each([
    'application/json',
    'application/json; charset=utf-8',
    'application/json;charset=UTF-8',
    'application/json; charset="utf-8"',
    'Application/JSON ; Charset=utf8',
    'application/json; charset=us-ascii',
    'application/json; charset=iso-8859-1',
    'application/json; profile=x; charset=utf-8',
  ])('%s is JSON', async (type) => {
    expect((await typed(type)).status).toBe(200);
  });

  it('is JSON in UTF-16 too, where it says so', async () => {
    const body = Buffer.from(DRY_RUN, 'utf16le');
    expect((await typed('application/json; charset=utf-16le', body)).status).toBe(200);
  });

  it('decides how the text is read', async () => {
    const ramp = await world.ramp();
    await world.execution({ ramp, errorMessage: 'no such Büro' });
    const body = JSON.stringify({ since: SINCE, ramp_uuids: [ramp.uuid], error_pattern: 'Büro' });
    const found = await typed('application/json; charset=iso-8859-1', Buffer.from(body, 'latin1'));
    expect(found.body.summary).toMatchObject({ eligible: 1 });
    const mangled = await typed('application/json', Buffer.from(body, 'latin1'));
    expect(mangled).toMatchObject({ status: 400, body: { error: 'invalid_request' } });
  });

  it.each([
    undefined,
    '',
    'text/plain',
    'text/json',
    'application/json5',
    'application/vnd.api+json',
    'application/x-www-form-urlencoded',
    'multipart/form-data; boundary=application/json',
    'text/plain, application/json',
    'application/json; charset=klingon',
  ])('%s is none that is read', async (type) => {
    expect(await typed(type)).toMatchObject({ status: 415, body: { error: 'unsupported_media_type' } });
  });
});

describe('a body', () => {
  it.each([
    ['gzip', gzipSync],
    ['br', brotliCompressSync],
    ['x-gzip, identity', gzipSync],
  ])(
    'that was compressed (%s) is refused as that, and not as JSON that is wrong',
    async (encoding, compress) => {
      const headers = { 'content-encoding': encoding };
      expect(await ask({ headers, body: compress(DRY_RUN) })).toMatchObject({
        status: 415,
        body: { error: 'unsupported_media_type', message: expect.stringContaining('Content-Encoding') },
      });
    },
  );

  it('that says of itself that it is as it is, is', async () => {
    for (const encoding of ['identity', 'Identity', ''])
      expect((await ask({ headers: { 'content-encoding': encoding }, body: DRY_RUN })).status).toBe(200);
  });

  it.each([
    ['just at 256 KiB is read', LIMIT, false, 200],
    ['just over 256 KiB is too large', LIMIT + 1, false, 413],
    ['of many megabytes is too large', 8 * 1024 * 1024, false, 413],
    ['in chunks, just at 256 KiB, is read', LIMIT, true, 200],
    ['in chunks, just over 256 KiB, is too large', LIMIT + 1, true, 413],
    ['in chunks, of many megabytes, is too large', 8 * 1024 * 1024, true, 413],
  ])('%s', async (_, size, chunked, status) => {
    const answered = await ask({ body: padded(size), chunked });
    expect(answered.status).toBe(status);
    if (status === 413) expect(answered.body).toEqual({ error: 'too_large' });
  });

  it.each([
    ['says', `content-length: ${128 * LIMIT}\r\n\r\n${' '.repeat(128 * LIMIT)}`],
    [
      'does not say',
      `transfer-encoding: chunked\r\n\r\n${`10000\r\n${' '.repeat(65536)}\r\n`.repeat(512)}0\r\n\r\n`,
    ],
  ])(
    'that is too large and %s so is answered to a caller who listens only after sending it',
    async (_, rest) => {
      const head = `POST ${ENDPOINT} HTTP/1.1\r\nhost: localhost\r\ncookie: ${admin.cookie}\r\ncontent-type: application/json\r\n`;
      const socket = connect(Number(new URL(app.url).port), '127.0.0.1');
      socket.pause();
      await new Promise<void>((resolve, reject) => {
        socket.on('error', reject);
        socket.write(head + rest, (error) => (error ? reject(error) : resolve()));
      });
      socket.resume();
      const [answer] = (await once(socket, 'data')) as [Buffer];
      socket.destroy();
      expect(answer.toString()).toMatch(/^HTTP\/1\.1 413 /);
    },
  );

  it('may begin with the mark that some editors leave', async () => {
    expect((await ask({ body: `\uFEFF${DRY_RUN}` })).status).toBe(200);
  });

  it.each([
    ['nothing', ''],
    ['white space', ' \n'],
    ['a form', 'since=2026-05-11T12:30:00Z&dry_run=true'],
    ['single quotes', "{'since': '2026-05-11T12:30:00Z'}"],
    ['a comma too many', '{"since": "2026-05-11T12:30:00Z",}'],
    ['half of it', DRY_RUN.slice(0, -1)],
    ['two requests', DRY_RUN + DRY_RUN],
    ['thousands of open brackets', '['.repeat(100_000)],
  ])('that is %s is no JSON, and the answer says so', async (_, body) => {
    expect(await issuesOf(body)).toEqual([
      { path: '', message: expect.stringContaining('the body must be JSON') },
    ]);
  });

  it.each(['null', 'true', '17', '"2026-05-11T12:30:00Z"', '[]', `[${DRY_RUN}]`])(
    'that is JSON but no object is refused: %s',
    async (body) => {
      expect(await issuesOf(body)).toEqual([
        { path: '', message: expect.stringContaining('must be a JSON object') },
      ]);
    },
  );
});

describe('a mistaken request', () => {
  it('is told the name of a misspelt field, so that no customer gets mail by a slip', async () => {
    expect(await issuesOf({ since: SINCE, suppress_notification: true })).toEqual([
      { path: 'suppress_notification', message: 'is not a field; did you mean suppress_notifications?' },
    ]);
  });

  it.each(['__proto__', 'constructor', 'toString', 'Since', 'dry-run', ''])(
    'can’t smuggle in a field called %p',
    async (name) => {
      const body = `{"since": "${SINCE}", ${JSON.stringify(name)}: true}`;
      expect((await issuesOf(body)).map((issue) => issue.path)).toEqual([name]);
    },
  );

  it.each([
    ['dry_run', 'false'],
    ['dry_run', 0],
    ['dry_run', null],
    ['suppress_notifications', 'true'],
    ['force_retry', 1],
    ['vendor_ids', ['7']],
    ['vendor_ids', 7],
    ['vendor_ids', []],
    ['vendor_ids', [1.5]],
    ['vendor_ids', [-1]],
    ['until', 1778502600],
    ['until', '2026-05-11'],
    ['until', '2026-05-11T13:30:00'],
    ['until', '2026-05-11T13:30:00.1234567Z'],
    ['ramp_uuids', ['not-a-uuid']],
    ['ramp_uuids', {}],
    ['error_pattern', ''],
    ['error_pattern', ['new_task']],
    ['error_pattern', 'a\0b'],
  ])('is never coerced: %s %p', async (field, value) => {
    expect((await issuesOf({ since: SINCE, [field]: value })).map((issue) => issue.path)).toEqual([field]);
  });

  it('is told every problem at once', async () => {
    const paths = (
      await issuesOf({
        until: 'yesterday',
        vendor_ids: [0, 'x'],
        execution_uuids: ['nope'],
        error_pattern: '',
        suppress_notification: true,
        force_retry: 'yes',
        dry_run: 'false',
      })
    ).map((issue) => issue.path);
    expect([...new Set(paths)].sort()).toEqual([
      ...['dry_run', 'error_pattern', 'execution_uuids', 'force_retry'],
      ...['suppress_notification', 'until', 'vendor_ids'],
    ]);
    expect(paths.filter((path) => path === 'vendor_ids')).toHaveLength(2);
  });

  it('is told that a window which begins in the future and has no end is empty', async () => {
    expect(await issuesOf({ since: '9999-01-01T00:00:00Z' })).toEqual([
      { path: 'since', message: expect.stringContaining('not before now') },
    ]);
  });

  it('replays nothing', async () => {
    const ramp = await world.ramp();
    const execution = await world.execution({ ramp });
    await issuesOf({ since: SINCE, ramp_uuids: [ramp.uuid], dry_run: false, suppress_notification: true });
    const now = await world.one(`select status_code from or_ramp_executions where id = $1`, [execution.id]);
    expect(now).toEqual({ status_code: 'ERROR' });
  });
});

describe('a field that is given twice', () => {
  it.each([
    ['a dry run, then none', `{"since": "${SINCE}", "dry_run": true, "dry_run": false}`, 'dry_run'],
    ['none, then a dry run', `{"since": "${SINCE}", "dry_run": false, "dry_run": true}`, 'dry_run'],
    ['the same twice', `{"since": "${SINCE}", "dry_run": true, "since": "${SINCE}"}`, 'since'],
    ['written in two ways', `{"since": "${SINCE}", "dry_run": true, "dry\\u005frun": false}`, 'dry_run'],
    [
      'behind what looks like the end of a text',
      `{"error_pattern": "\\"}", "since": "${SINCE}", "since": 1}`,
      'since',
    ],
  ])('is refused by its name, whichever was meant: %s', async (_, body, path) => {
    const issues = await issuesOf(body);
    expect(issues).toContainEqual({ path, message: 'is given twice; give it once' });
  });

  it('is told with everything else that is wrong', async () => {
    const body = `{"since": "${SINCE}", "dry_run": true, "dry_run": true, "dry_run": 1, "vendor_ids": [0], "limit": 1, "limit": 2}`;
    expect((await issuesOf(body)).map(({ path, message }) => `${path} ${message.split(';')[0]}`)).toEqual([
      'dry_run is given 3 times',
      'limit is given twice',
      expect.stringMatching(/^dry_run must be true or false/),
      expect.stringMatching(/^vendor_ids item 1/),
      expect.stringMatching(/^limit is not a field/),
    ]);
  });

  it('inside the value of another is refused by that one’s name', async () => {
    const body = `{"since": "${SINCE}", "vendor_ids": [{"a": 1, "b": {"a": 1}, "a": 2}]}`;
    expect(await issuesOf(body)).toContainEqual({
      path: 'vendor_ids',
      message: 'has "a" twice in it; give it once',
    });
  });

  it('is none where the name stands in a text, in another object or as a value', async () => {
    const ramp = await world.ramp();
    const text = '\\"dry_run\\": true, \\"dry_run\\": false, {}[]';
    const body = `{"since": "${SINCE}", "ramp_uuids": ["${ramp.uuid}", "${ramp.uuid}"], "error_pattern": "${text}"}`;
    expect((await ask({ body })).status).toBe(200);
  });
});

describe('a request means the same', () => {
  it('in any order of its fields, with any white space, as often as it is asked', async () => {
    const ramp = await world.ramp();
    const { uuid } = await world.execution({ ramp });
    const until = '2026-05-11T13:30:00Z';
    for (const body of [
      `{"since":"${SINCE}","until":"${until}","ramp_uuids":["${ramp.uuid}"]}`,
      `\r\n{\t"ramp_uuids" : [ "${ramp.uuid.toUpperCase()}" ] ,\n "until":"${until}", "dry_run": true, "since":"${SINCE}"}\n`,
      `{"since":"2026-05-11T14:30:00+02:00","until":"2026-05-11T13:30:00.000Z","ramp_uuids":["${ramp.uuid}","${ramp.uuid}"]}`,
    ]) {
      const answered = await ask({ body });
      expect(answered.body).toMatchObject({ matched: 1, window: { since: SINCE, until } });
      expect(answered.body.eligible).toMatchObject([{ execution_uuid: uuid }]);
    }
  });
});
