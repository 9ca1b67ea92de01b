// The page's routes: its own files and nothing else, and nothing for another person's eyes.

import type { LocalSlack } from '../../../src/dev/slack/local-slack.ts';
import { pageRoutes } from '../../../src/dev/slack-page/routes.ts';
import { shared } from '../../support/shared.ts';
import { startSlack, webClient } from '../slack/bench.ts';
import { actions, button } from '../slack/samples.ts';

const slack: LocalSlack = shared(() => startSlack({ routes: [pageRoutes(() => slack)] }));

const suggesting: LocalSlack = shared(() =>
  startSlack({ routes: [pageRoutes(() => suggesting, { suggestions: [{ text: '/try this', why: 'x' }] })] }),
);

const ask = (path: string, init: RequestInit = {}): Promise<Response> => fetch(`${slack.url}${path}`, init);

const view = async (query: string): Promise<{ regions: Record<string, string>; canWrite: boolean }> =>
  (await (await ask(`/page/view?${query}`)).json()) as never;

it('serves scripts without their types, styles and fonts', async () => {
  const script = await ask('/page/app/morph.ts');
  expect(script.headers.get('content-type')).toContain('text/javascript');
  expect(await script.text()).toMatch(/export function morph\(element +, html +\)/);
  expect((await ask('/page/style/layout.css')).headers.get('content-type')).toContain('text/css');
  expect((await ask('/page/fonts/@fontsource/lato/files/lato-latin-400-normal.woff2')).status).toBe(200);
  expect((await ask('/page/fonts/twemoji-colr-font/twemoji.woff2')).status).toBe(200);
});

it.each([
  'app/..%2froutes.ts',
  'app/missing.ts',
  'app/tsconfig.json',
  'fonts/../package.json',
  'fonts/pg/x.woff2',
  'toString',
])('serves nothing at %s', async (path) => {
  expect((await ask(`/page/${path}`)).status).toBe(404);
});

it('shows each person their own channels', async () => {
  const names = async (as: string): Promise<string[]> => {
    const { sidebar = '' } = (await view(`as=${as}`)).regions;
    return [...sidebar.matchAll(/class="channel__name">([^<]+)/g)].map(([, name]) => name ?? '');
  };
  expect(await names('U0ONCALL')).toContain('incident-private');
  expect(await names('U0ADMIN2')).not.toContain('incident-private');
  expect(await names('U0GUEST')).toEqual(['incident-onramp']);
  expect(await names('U0EXTERN')).toEqual(['ext-acme']);
});

it('opens a channel that one may see instead of one that one may not', async () => {
  const shown = await view('as=U0EXTERN&channel=G0PRIVATE');
  expect(shown.regions.channel).toContain('ext-acme');
});

it('suggests commands only where the bot is', async () => {
  const url = `${suggesting.url}/page/view?as=U0ONCALL&channel=`;
  const messages = async (channel: string) =>
    ((await (await fetch(url + channel)).json()) as { regions: { messages: string } }).regions.messages;
  expect(await messages('C0INCIDENT')).toContain('/try this');
  expect(await messages('C0GENERAL')).not.toContain('/try this');
});

it("leads from a message's address to that message, and from a wrong one nowhere", async () => {
  const at = async (path: string) => {
    const { status, headers } = await ask(path, { redirect: 'manual' });
    return [status, headers.get('location')];
  };
  expect(await at('/archives/C0INCIDENT/p1778502600000100')).toEqual([
    302,
    '/?channel=C0INCIDENT&at=1778502600.000100',
  ]);
  expect(
    await at('/archives/C0INCIDENT/p1778502600000200?thread_ts=1778502600.000100&cid=C0INCIDENT'),
  ).toEqual([302, '/?channel=C0INCIDENT&thread=1778502600.000100&at=1778502600.000200']);
  expect(await at('/archives/C0INCIDENT/x')).toEqual([404, null]);
});

it('says that nobody writes in an archived channel', async () => {
  expect((await view('as=U0ONCALL&channel=C0ARCHIVED')).canWrite).toBe(false);
});

it('says what is wrong with a request', async () => {
  const answer = await ask('/page/view?as=U0NOBODY');
  expect(answer.status).toBe(400);
  expect(await answer.json()).toMatchObject({ error: 'there is no U0NOBODY in this Slack' });
  expect((await ask('/page/fault', { method: 'POST', body: '{"name":"toString"}' })).status).toBe(400);
});

it('sends a click with what was on the screen, although the message has changed since', async () => {
  const client = webClient(slack);
  const blocks = [{ ...actions(button()), block_id: 'b' }];
  const { ts = '' } = await client.chat.postMessage({
    channel: 'C0INCIDENT',
    text: 'x',
    blocks: blocks as never,
  });
  const { messages = '' } = (await view('as=U0ADMIN&channel=C0INCIDENT')).regions;
  const version = /data-version="([^"]+)"/.exec(messages)?.[1];
  await client.chat.update({ channel: 'C0INCIDENT', ts, text: 'decided', blocks: [] });
  const click = { user: 'U0ADMIN', actionId: 'go', blockId: 'b', ts, channel: 'C0INCIDENT' };
  const send = async (body: object) =>
    (await (await ask('/page/click', { method: 'POST', body: JSON.stringify(body) })).json()) as object;
  // Nobody listens behind this Slack: that it failed there says that it was sent.
  expect(await send({ ...click, version })).toMatchObject({ outcome: 'dispatch_failed' });
  expect(await send(click)).toMatchObject({ error: expect.stringContaining('there is no go there') });
});
