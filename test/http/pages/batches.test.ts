// The pages of batches: who may read them, the list, and that one batch's page says what the command says.
import { batches as command, finished, loseProject, pruned, shift } from '../../commands/shift.ts';
import { until } from '../../support/until.ts';
import { linkTo, sharedReader, tableOf, textOf } from './reader.ts';

const reader = sharedReader(shift);
const nowhere = '00000000-0000-4000-8000-000000000000';

/** The same batch under another id. */
const copyAs = (batchId: string, id: string) =>
  shift.world.sql(
    `insert into retry_batch.batches (id, door, status, request, force_retry, suppress_notifications,
       config_error_types, summary, eligible, requested_by, chunk_size)
     select $2, 'http', 'previewed', request, force_retry, suppress_notifications, config_error_types, summary,
       eligible, requested_by, chunk_size from retry_batch.batches where id = $1`,
    [batchId, id],
  );

describe('who may read', () => {
  it.each(['/batches', `/batches/${nowhere}`, `/batches/${nowhere}/rows.csv`])(
    '%s takes a session with ONRAMP_ADMIN: 401 without one, 403 without the role, whether or not there is such a batch',
    async (path) => {
      expect((await reader.ask(path, null)).status).toBe(401);
      expect((await reader.ask(path, 'session=guessed')).status).toBe(401);
      const colleague = await shift.world.session((await shift.world.user({ admin: false })).id);
      const refused = await reader.ask(path, colleague);
      expect(refused.status).toBe(403);
      expect(textOf(refused.markup)).toContain('ONRAMP_ADMIN');
      const over = await shift.world.session((await shift.world.user()).id, { revoked: true });
      expect((await reader.ask(path, over)).status).toBe(401);
    },
  );

  it('an API key is a program’s: it opens no page', async () => {
    const { authorization, ...rest } = await shift.world.apiKey();
    const response = await fetch(`${shift.app.url}/batches`, { headers: { authorization, ...rest } });
    expect(response.status).toBe(401);
  });

  it('a click on the link in Slack comes from another site, and is let in', async () => {
    const cookie = await shift.world.session((await shift.world.user()).id);
    const headers = { cookie, 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'navigate' };
    expect((await fetch(`${shift.app.url}/batches`, { headers })).status).toBe(200);
  });
});

describe('what browsers are told', () => {
  it.each(['/batches', 'one', 'rows', 'file', 'none', 'mistake'])(
    '%s has no exception from the policy',
    async (which) => {
      const batchId = which === '/batches' ? '' : await shift.plan();
      const paths: Record<string, string> = {
        one: `/batches/${batchId}`,
        rows: `/batches/${batchId}?outcome=error`,
        file: `/batches/${batchId}/rows.csv`,
        none: `/batches/${nowhere}`,
        mistake: `/batches/${batchId}?outcome=nonsense`,
      };
      const { headers, markup } = await reader.get(paths[which] ?? which);
      expect(headers.get('content-security-policy')).toMatch(
        /^default-src 'none'; style-src 'sha256-[\w+/=]+'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'$/,
      );
      expect(headers.get('cache-control')).toBe('no-store');
      expect(headers.get('referrer-policy')).toBe('no-referrer');
      expect(headers.get('x-content-type-options')).toBe('nosniff');
      expect(markup).not.toMatch(
        /<script|<link|<img|<iframe|<object| style=| on\w+=|javascript:|https?:\/\//i,
      );
    },
  );

  it('HEAD answers the same without a body', async () => {
    const batchId = await shift.plan();
    for (const path of ['/batches', `/batches/${batchId}`, `/batches/${batchId}/rows.csv`]) {
      const [got, head] = [await reader.get(path), await reader.head(path)];
      expect([head.status, head.markup]).toEqual([200, '']);
      for (const name of ['content-type', 'content-security-policy', 'content-disposition'])
        expect(head.headers.get(name)).toBe(got.headers.get(name));
    }
    expect((await reader.head(`/batches/${nowhere}`)).status).toBe(404);
  });

  it('nothing is changed by a POST', async () => {
    const batchId = await shift.plan();
    const before = await shift.status(batchId);
    const cookie = await shift.world.session((await shift.world.user()).id);
    expect((await reader.ask(`/batches/${batchId}`, cookie, 'POST')).status).toBe(404);
    expect(await shift.status(batchId)).toBe(before);
  });
});

describe('the list', () => {
  it('has the newest first, what runs came to, and each as a link', async () => {
    const older = await finished();
    const newer = await shift.plan({ reason: 'ONRAMP-4887, mail of jane.doe@acme.example' });
    const { status, markup } = await reader.get('/batches');
    const [first, second] = tableOf(markup, 'Batches');
    expect(status).toBe(200);
    expect(first?.slice(0, 2)).toEqual([newer.slice(0, 8), 'waiting']);
    expect(first).toContain('ONRAMP-4887, mail of j•••@acme.example');
    expect(second?.slice(0, 2)).toEqual([older.slice(0, 8), 'finished']);
    expect(second?.slice(3, 8)).toEqual(['7', '6', '3', '1', '2']);
    expect(linkTo(markup, older.slice(0, 8))).toBe(`/batches/${older}`);
  });

  it('is by status, and says of one that there is none of', async () => {
    const done = await finished();
    const waiting = await shift.plan();
    const { markup } = await reader.get('/batches?status=finished');
    expect(markup).toContain(done);
    expect(markup).not.toContain(waiting);
    expect(textOf((await reader.get('/batches?status=paused')).markup)).toContain('No batch is paused now.');
    expect((await reader.get('/batches?status=done')).status).toBe(400);
    expect((await reader.get('/batches?after=x')).status).toBe(400);
  });

  it('has fifty a page, and every batch once, also where several were asked for at one moment', async () => {
    const batchId = await shift.plan();
    await shift.world.sql(
      `insert into retry_batch.batches (door, status, request, force_retry, suppress_notifications, config_error_types,
         summary, eligible, requested_by, chunk_size, requested_at, ended_at)
       select 'http', 'stopped', request, force_retry, suppress_notifications, config_error_types, summary, eligible,
         requested_by, chunk_size, '2026-01-01'::timestamptz + make_interval(days => g / 60), now()
       from retry_batch.batches, generate_series(1, 119) g where id = $1`,
      [batchId],
    );
    const seen: string[] = [];
    const sizes: number[] = [];
    for (let path: string | undefined = '/batches?status=stopped'; path !== undefined; ) {
      const { markup }: { markup: string } = await reader.get(path);
      const ids = [...markup.matchAll(/href="\/batches\/([0-9a-f-]{36})"/g)].map(([, id = '']) => id);
      seen.push(...ids);
      sizes.push(ids.length);
      path = linkTo(markup, 'Older');
    }
    expect(sizes).toEqual([50, 50, 19]);
    const wanted = await shift.world.sql<{ id: string }>(
      `select id from retry_batch.batches where status = 'stopped' order by requested_at desc, id desc`,
    );
    expect(seen).toEqual(wanted.map(({ id }) => id));
    await shift.world.sql(`delete from retry_batch.batches where status = 'stopped'`);
  });
});

describe('one batch', () => {
  it('says every line that npm run batches -- show says, the audit trail with it', async () => {
    const batchId = await finished();
    await until(
      'Slack’s trouble is not the newest line',
      async () => (await shift.events(batchId, 'finished')).length === 1,
    );
    const said = textOf((await reader.get(`/batches/${batchId}`)).markup).replaceAll(' ', '');
    const { lines } = await command('show', batchId);
    const missing = lines
      .filter(
        (line) => !/^SLACK IS BEHIND|^Audit trail|^ {2}(?:rows|when|customer) |^ *Counted at /.test(line),
      )
      .flatMap((line) => line.trim().replace(/^- /, '').split(/ {2,}/))
      .filter((words) => !said.includes(words.replaceAll(' ', '')));
    expect(missing).toEqual([]);
    expect(lines.length).toBeGreaterThan(20);
  });

  it('begins with a recount that disagrees, as an alarm', async () => {
    const batchId = await finished();
    await loseProject(batchId);
    const { markup } = await reader.get(`/batches/${batchId}`);
    expect(markup).toMatch(/<main id="main">\s*<p class="alarm" role="alert">THE NUMBERS DISAGREE/);
  });

  it('is found by the head of its id, like the command’s; several are named, and none is a 404', async () => {
    const batchId = await shift.plan();
    const short = await reader.get(`/batches/${batchId.slice(0, 8)}?outcome=error`);
    expect([short.status, short.headers.get('location')]).toEqual([302, `/batches/${batchId}?outcome=error`]);
    // Whatever the head is: one that stands in the page's own path, too, and one that a browser wrote in another way.
    const lettered = await shift.plan();
    const again = `ba${lettered.slice(2)}`;
    await copyAs(lettered, again);
    expect((await reader.get(`/batches/${again.slice(0, 10)}`)).headers.get('location')).toBe(
      `/batches/${again}`,
    );
    const head = `%${(lettered.codePointAt(0) ?? 0).toString(16)}${lettered.slice(1, 9)}`;
    expect((await reader.get(`/batches/${head}`)).headers.get('location')).toBe(`/batches/${lettered}`);
    const other = `${batchId.slice(0, 35)}${batchId.endsWith('0') ? '1' : '0'}`;
    await copyAs(batchId, other);
    const several = await reader.get(`/batches/${batchId.slice(0, 8)}`);
    expect(several.status).toBe(404);
    expect(several.markup).toContain(`href="/batches/${other}"`);
    await shift.world.sql(`delete from retry_batch.batches where id = $1`, [other]);
    for (const word of [nowhere, 'no-id', 'zz', '%00', '..%2f..', "'--"])
      expect((await reader.get(`/batches/${word}`)).status).toBe(404);
  });

  it('links to its message in Slack where the address of that is known', async () => {
    const batchId = await shift.plan();
    expect(linkTo((await reader.get(`/batches/${batchId}`)).markup, 'Its message in Slack')).toBeUndefined();
    const link = 'https://onramp.slack.com/archives/C0INCIDENT/p1760000000000100';
    await shift.world.sql(
      `update retry_batch.slack_threads set message_ts = '1760000000.000100', link = $2 where batch_id = $1`,
      [batchId, link],
    );
    expect(linkTo((await reader.get(`/batches/${batchId}`)).markup, 'Its message in Slack')).toBe(link);
  });

  it('keeps its account and its trail when its lists are pruned', async () => {
    const batchId = await pruned();
    const { status, markup } = await reader.get(`/batches/${batchId}`);
    expect(status).toBe(200);
    expect(textOf(markup)).toContain('The lists of this batch are gone');
    expect(tableOf(markup, 'Who did what').map(([, what]) => what)).toContain('approved');
  });

  it('pages a long audit trail', async () => {
    const batchId = await shift.plan();
    await shift.world.sql(
      `insert into retry_batch.events (batch_id, action, actor, evidence)
       select $1, 'moved', '{"kind": "system", "name": "newer"}', jsonb_build_object('nth', g) from generate_series(1, 230) g`,
      [batchId],
    );
    const seen: string[] = [];
    for (let path: string | undefined = `/batches/${batchId}`; path !== undefined; ) {
      const { markup }: { markup: string } = await reader.get(path.replace(/#.*/, ''));
      seen.push(...tableOf(markup, 'Who did what').map((cells) => cells.at(-1) ?? ''));
      path = linkTo(markup.slice(markup.indexOf('id="trail"')), 'Next');
    }
    expect(seen.slice(-230)).toEqual(Array.from({ length: 230 }, (_, index) => `nth=${index + 1}`));
    expect(seen).toHaveLength(232);
  });
});
