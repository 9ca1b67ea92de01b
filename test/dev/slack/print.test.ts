// The text of a transcript: every kind of message and block that people see.
import type { LocalSlack } from '../../../src/dev/slack/local-slack.ts';
import { startSlack, webClient } from './bench.ts';

let slack: LocalSlack;
const channel = 'C0INCIDENT';

beforeEach(async () => {
  slack = await startSlack({ now: () => Date.UTC(2026, 4, 11, 12, 30, 5) });
});

const plain = (text: string) => ({ type: 'plain_text', text }) as const;
const mrkdwn = (text: string) => ({ type: 'mrkdwn', text }) as const;
const raw = (text: string) => ({ type: 'raw_text', text }) as const;

async function printed(blocks: unknown[]): Promise<string[]> {
  await webClient(slack).chat.postMessage({ channel, text: 'a', blocks: blocks as never });
  const [, , , ...lines] = slack.printChannel(channel).trimEnd().split('\n');
  return lines.map((line) => line.replace(/^ {2}/, ''));
}

test('a channel, a thread and what one person sees', async () => {
  const api = webClient(slack);
  slack.human.say({ user: 'U0ONCALL', channel, text: 'On it &amp; looking' });
  const { ts = '' } = await api.chat.postMessage({ channel, text: 'Plan for <@U0ONCALL>' });
  await api.chat.postMessage({ channel, thread_ts: ts, text: 'hidden reply' });
  await api.filesUploadV2({ channel_id: channel, thread_ts: ts, filename: 'rows.csv', content: 'a,b\n' });
  await api.chat.postMessage({ channel, thread_ts: ts, text: 'Done', reply_broadcast: true });
  await api.chat.update({ channel, ts, text: 'Approved <!date^1778502605^{date_short} at {time}|x>' });
  await api.chat.postEphemeral({ channel, user: 'U0ADMIN', text: 'Not you' });
  expect(slack.printChannel(channel)).toBe(`#incident-onramp

Nadia Okafor  2026-05-11 12:30:05Z
  On it & looking

retry-batch (app)  2026-05-11 12:30:05Z  (edited)
  Approved 2026-05-11 at 12:30Z
  (3 replies)

retry-batch (app)  2026-05-11 12:30:05Z  (also sent to the channel)
  Done
`);
  expect(slack.printThread(channel, ts)).toBe(`retry-batch (app)  2026-05-11 12:30:05Z  (edited)
  Approved 2026-05-11 at 12:30Z
  (3 replies)

    retry-batch (app)  2026-05-11 12:30:05Z
      hidden reply

    retry-batch (app)  2026-05-11 12:30:05Z
      [file rows.csv, 4 bytes]

    retry-batch (app)  2026-05-11 12:30:05Z  (also sent to the channel)
      Done
`);
  expect(slack.printEphemerals('U0ADMIN')).toContain('(only Priya Raman sees this)\n  Not you');
  expect(slack.printEphemerals('U0ADMIN2')).toBe('');
});

test('the blocks of a decision', async () => {
  const button = (id: string, text: string) => ({ type: 'button', action_id: id, text: plain(text) });
  const blocks = [
    { type: 'header', text: plain('Dry run') },
    {
      type: 'section',
      text: mrkdwn('*3* eligible in <#C0GENERAL|>\nfor <https://a.example|the run>'),
      fields: [mrkdwn('Matched\n5')],
    },
    { type: 'divider' },
    { type: 'context', elements: [mrkdwn('by <@U0ONCALL>'), plain('b1')] },
    { type: 'actions', elements: [button('a', 'Approve'), button('c', 'Cancel')] },
  ];
  expect(await printed(blocks)).toEqual([
    '== Dry run ==',
    '*3* eligible in #general',
    'for the run (https://a.example)',
    'Matched 5',
    '-'.repeat(40),
    'by @Nadia Okafor · b1',
    '[ Approve ]  [ Cancel ]',
  ]);
});

test('tables line up, and a cell of several lines stays on one', async () => {
  const rows = [
    [raw('reason'), raw('count')],
    [raw('already replayed'), { type: 'raw_number', value: 12, text: '12' }],
    [raw('a\nb'), raw('1')],
  ];
  expect(await printed([{ type: 'table', rows }])).toEqual([
    'reason           | count',
    '-----------------+------',
    'already replayed | 12',
    'a ⏎ b            | 1',
  ]);
  await webClient(slack).chat.postMessage({
    channel,
    text: 'a',
    blocks: [{ type: 'data_table', caption: 'Rows', rows } as never],
  });
  expect(slack.printChannel(channel)).toContain('  Rows\n  reason ');
});

test('rich text, a plan, a form and an image', async () => {
  const text = (value: string) => ({ type: 'text', text: value });
  const elements = [
    {
      type: 'rich_text_section',
      elements: [text('hello '), { type: 'user', user_id: 'U0ADMIN' }, { type: 'emoji', name: 'wave' }],
    },
    { type: 'rich_text_preformatted', elements: [text('line 1\nline 2')] },
    { type: 'rich_text_quote', elements: [text('said')] },
    {
      type: 'rich_text_list',
      style: 'ordered',
      elements: [{ type: 'rich_text_section', elements: [text('one')] }],
    },
  ];
  const tasks = [{ type: 'task_card', task_id: '1', title: 'Chunk 1', status: 'complete' }];
  const blocks = [
    { type: 'rich_text', elements },
    { type: 'plan', title: 'Replaying', tasks },
    {
      type: 'input',
      label: plain('Why'),
      element: { type: 'plain_text_input', placeholder: plain('reason') },
    },
    { type: 'image', alt_text: 'a chart', image_url: 'https://a.example/a.png' },
    { type: 'markdown', text: '# As it is' },
  ];
  expect(await printed(blocks)).toEqual([
    'hello @Priya Raman:wave:',
    '    line 1',
    '    line 2',
    '> said',
    '1. one',
    'Replaying',
    '✓ Chunk 1',
    'Why: [ reason ]',
    '(image: a chart)',
    '# As it is',
  ]);
});

test('a block that can not be drawn is printed loudly', async () => {
  const container = { type: 'container', title: plain('c'), child_blocks: [{ type: 'divider' }] };
  expect(await printed([container])).toEqual(['[block container not drawn]']);
});
