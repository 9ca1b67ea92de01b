// What a message would mention, link to and unfurl in real Slack: nothing may be missed in hostile text.
import type { Finding } from '../../../src/dev/slack/inspect/finding.ts';
import { shared } from '../../support/shared.ts';
import { startSlack, webClient } from './bench.ts';

const slack = shared(() => startSlack());
const channel = 'C0INCIDENT';

const QUIET = { parse: 'none', unfurl_links: false, unfurl_media: false } as const;

async function findings(message: object): Promise<Finding[]> {
  const { ts = '' } = await webClient(slack).chat.postMessage({ channel, text: 'a', ...QUIET, ...message });
  const stored = slack.message(channel, ts);
  return stored ? slack.inspect(stored) : [];
}

const brief = (all: Finding[]): string[] =>
  all.map((one) => `${one.source} ${one.kind} ${one.value} ${one.where}`);
const verbatim = (text: string, more: object = { verbatim: true }) => [
  { type: 'section', text: { type: 'mrkdwn', text, ...more } },
];

const HOSTILE =
  '<!channel> <!here|x> <@U0ADMIN> <#C0GENERAL|g> <!subteam^S0X|@sre> <https://evil.example|Approve> @here #general http://a.example';
const ESCAPED = HOSTILE.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');

describe('markup in angle brackets', () => {
  test.each([
    ['<@U0ADMIN>', 'user_mention U0ADMIN'],
    ['<@W0ADMIN|name>', 'user_mention W0ADMIN'],
    ['<#C0GENERAL|general>', 'channel_mention C0GENERAL'],
    ['<!channel>', 'broadcast channel'],
    ['<!here|nobody>', 'broadcast here'],
    ['<!everyone>', 'broadcast everyone'],
    ['<!subteam^S012|@sre>', 'group_mention S012'],
    ['<https://evil.example|Approve>', 'link https://evil.example'],
    ['<mailto:a@b.example|mail>', 'link mailto:a@b.example'],
    ['<javascript:alert(1)|x>', 'link javascript:alert(1)'],
    ['<!date^1^{date}^https://evil.example|x>', 'link https://evil.example'],
  ])('%s is found even where text is left alone', async (text, found) => {
    expect(brief(await findings({ text }))).toEqual([`markup ${found} /text`]);
    expect(brief(await findings({ blocks: verbatim(text) }))).toEqual([`markup ${found} /blocks/0/text`]);
  });

  test('a link says what it pretends to be', async () => {
    expect(await findings({ text: '<https://evil.example|Approve>' })).toMatchObject([{ label: 'Approve' }]);
  });

  test('a date alone is harmless', async () => {
    expect(await findings({ text: '<!date^1770000000^{date_short} at {time}|then>' })).toEqual([]);
  });
});

describe('escaped hostile text', () => {
  test('does nothing in text with parse none and in mrkdwn with verbatim', async () => {
    expect(await findings({ text: ESCAPED, blocks: verbatim(ESCAPED) })).toEqual([]);
  });

  test('is parsed by Slack where verbatim is missing', async () => {
    expect(brief(await findings({ blocks: verbatim(ESCAPED, {}) }))).toEqual(
      expect.arrayContaining([
        'auto broadcast here /blocks/0/text',
        'auto channel_mention general /blocks/0/text',
        'auto link http://a.example /blocks/0/text',
      ]),
    );
  });

  test.each([
    ['the method’s default', { parse: undefined }],
    ['parse full', { parse: 'full' }],
    ['link_names', { link_names: true }],
  ])('is parsed by Slack in text with %s', async (_how, how) => {
    expect(brief(await findings({ text: ESCAPED, ...how }))).toContain('auto broadcast here /text');
  });

  test('is parsed after an update that does not say parse none again', async () => {
    const api = webClient(slack);
    const { ts = '' } = await api.chat.postMessage({ channel, text: 'a', ...QUIET });
    const inspected = () => {
      const message = slack.message(channel, ts);
      return message ? slack.inspect(message) : [];
    };
    await api.chat.update({ channel, ts, text: '@here' });
    expect(inspected()).toMatchObject([{ kind: 'broadcast', source: 'auto' }]);
    await api.chat.update({ channel, ts, text: '@here', parse: 'none' });
    expect(inspected()).toEqual([]);
  });

  test('is parsed in context, in fields and in the markdown block, which can not be told to leave it', async () => {
    const mrkdwn = { type: 'mrkdwn', text: '@here' };
    const blocks = [
      { type: 'context', elements: [mrkdwn] },
      { type: 'section', fields: [mrkdwn] },
      { type: 'markdown', text: '@channel [Approve](https://evil.example) ![](https://pixel.example/p.png)' },
    ];
    expect(brief(await findings({ blocks }))).toEqual([
      'auto broadcast here /blocks/0/elements/0',
      'auto broadcast here /blocks/1/fields/0',
      'markup link https://evil.example /blocks/2',
      'markup image https://pixel.example/p.png /blocks/2',
      'auto broadcast channel /blocks/2',
    ]);
  });
});

test('plain text, rich text and table cells do nothing with what looks like markup', async () => {
  const text = HOSTILE;
  const rich = {
    type: 'rich_text',
    elements: [{ type: 'rich_text_preformatted', elements: [{ type: 'text', text }] }],
  };
  const blocks = [
    { type: 'section', text: { type: 'plain_text', text } },
    { type: 'header', text: { type: 'plain_text', text: text.slice(0, 150) } },
    rich,
    { type: 'table', rows: [[{ type: 'raw_text', text }, rich]] },
  ];
  expect(await findings({ blocks })).toEqual([]);
});

test('elements that mention or link are found wherever they are', async () => {
  const elements = [
    { type: 'user', user_id: 'U0ADMIN' },
    { type: 'usergroup', usergroup_id: 'S0X' },
    { type: 'channel', channel_id: 'C0GENERAL' },
    { type: 'broadcast', range: 'here' },
    { type: 'link', url: 'https://evil.example', text: 'Approve' },
  ];
  const rich = { type: 'rich_text', elements: [{ type: 'rich_text_section', elements }] };
  const button = { type: 'button', text: { type: 'plain_text', text: 'Open' }, url: 'https://b.example' };
  const blocks = [
    { type: 'table', rows: [[rich]] },
    { type: 'actions', elements: [button] },
    { type: 'image', alt_text: 'a', image_url: 'https://c.example/c.png' },
  ];
  expect((await findings({ blocks })).map((one) => `${one.kind} ${one.value}`)).toEqual([
    'user_mention U0ADMIN',
    'group_mention S0X',
    'channel_mention C0GENERAL',
    'broadcast here',
    'link https://evil.example',
    'link https://b.example',
    'image https://c.example/c.png',
  ]);
});

test('a link unfurls unless the message says that it must not', async () => {
  const text = '<https://a.example>';
  const kinds = async (more: object) => (await findings({ text, ...more })).map((one) => one.kind);
  expect(await kinds({ unfurl_links: true })).toEqual(['link', 'unfurl']);
  expect(await kinds({ unfurl_media: true })).toEqual(['link', 'unfurl']);
  expect(await kinds({})).toEqual(['link']);
});

test('a channel may be named in any script and begin with a digit', async () => {
  const found = await findings({ text: '#2025-incidents #größe', parse: 'full' });
  expect(found.map((one) => one.value)).toEqual(['2025-incidents', 'größe']);
});

test.each(['user@host', 'issue #12', 'a#b', '1.2.3', 'x.y', 'import os', 'path/to@2x', '&#39;', 'C#'])(
  'ordinary text like %s is left alone',
  async (text) => {
    expect(await findings({ text, parse: 'full' })).toEqual([]);
  },
);
