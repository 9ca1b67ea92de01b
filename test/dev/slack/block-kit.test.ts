// Every Block Kit rule of the local Slack: what just keeps it is taken, what just breaks it is refused.
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { knownBlockTypes } from '../../../src/dev/slack/validation/schema-check.ts';
import {
  type Verdict,
  validateMessageBlocks,
  validateView,
} from '../../../src/dev/slack/validation/validate.ts';
import {
  actions,
  button,
  card,
  confirm,
  dataTable,
  divider,
  input,
  modal,
  mrkdwn,
  option,
  options,
  plain,
  raw,
  section,
  select,
  table,
  times,
  x,
} from './samples.ts';

const messagesOf = (verdict: Verdict): string =>
  verdict.ok ? '' : verdict.problems.map((p) => `${p.message} [json-pointer:${p.pointer}]`).join('\n');

/** What has a limit, the limit, and blocks with this many of it. */
const characters: [string, number, (n: number) => unknown[]][] = [
  ['the text of a section', 3000, (n) => [section(mrkdwn(x(n)))]],
  ['a field', 2000, (n) => [{ type: 'section', fields: [mrkdwn(x(n))] }]],
  ['a header', 150, (n) => [{ type: 'header', text: plain(x(n)) }]],
  ['the text of a button', 75, (n) => [actions(button({ text: plain(x(n)) }))]],
  ['the value of a button', 2000, (n) => [actions(button({ value: x(n) }))]],
  ['the URL of a button', 3000, (n) => [actions(button({ url: x(n) }))]],
  ['the spoken label of a button', 75, (n) => [actions(button({ accessibility_label: x(n) }))]],
  ['an action_id', 255, (n) => [actions(button({ action_id: x(n) }))]],
  ['a block_id', 255, (n) => [{ ...divider, block_id: x(n) }]],
  ['the title of a confirmation', 100, (n) => [confirm({ title: plain(x(n)) })]],
  ['the text of a confirmation', 300, (n) => [confirm({ text: mrkdwn(x(n)) })]],
  ['the yes of a confirmation', 30, (n) => [confirm({ confirm: plain(x(n)) })]],
  ['the no of a confirmation', 30, (n) => [confirm({ deny: plain(x(n)) })]],
  ['the text of an option', 75, (n) => [actions(select({ options: [option({ text: plain(x(n)) })] }))]],
  ['the value of an option', 75, (n) => [actions(select({ options: [option({ value: x(n) })] }))]],
  ['a placeholder', 150, (n) => [actions(select({ placeholder: plain(x(n)) }))]],
  ['markdown', 12_000, (n) => [{ type: 'markdown', text: x(n) }]],
  [
    'the alt text of an image',
    2000,
    (n) => [{ type: 'image', image_url: 'https://a.example', alt_text: x(n) }],
  ],
];

const items: [string, number, (n: number) => unknown[]][] = [
  ['blocks', 50, (n) => times(n, () => divider)],
  ['fields of a section', 10, (n) => [{ type: 'section', fields: times(n, () => mrkdwn('a')) }]],
  ['elements of a context', 10, (n) => [{ type: 'context', elements: times(n, () => mrkdwn('a')) }]],
  ['elements of actions', 25, (n) => [actions(...times(n, (i) => button({ action_id: `${i}` })))]],
  ['options of a select', 100, (n) => [actions(select({ options: options(n) }))]],
  ['options of an overflow menu', 5, (n) => [actions({ type: 'overflow', options: options(n) })]],
  ['checkboxes', 10, (n) => [actions({ type: 'checkboxes', options: options(n) })]],
  ['rows of a table', 100, (n) => [table(times(n, () => [raw('a')]))]],
  ['cells of a row', 20, (n) => [table([times(n, () => raw('a'))])]],
  ['rows of a data table', 101, (n) => [dataTable(times(n, () => [raw('a')]))]],
];

/** What is wrong, and what Slack says. */
const mistakes: [string, unknown[], RegExp][] = [
  ['an unknown block', [{ type: 'nosuch' }], /unsupported type: nosuch \[json-pointer:\/blocks\/0\/type\]/],
  ['a block without a type', [{ text: 'a' }], /missing required field: type/],
  ['a block that is no object', ['a'], /missing required field: type/],
  ['an unknown property', [{ ...divider, colour: 'red' }], /invalid additional property: colour/],
  ['a section with nothing in it', [{ type: 'section' }], /must provide either text or fields/],
  [
    'empty text',
    [section(mrkdwn(''))],
    /must be more than 0 characters \[json-pointer:\/blocks\/0\/text\/text\]/,
  ],
  ['text that is no object', [section('a')], /must provide an object/],
  ['text of an unknown kind', [section({ type: 'html', text: 'a' })], /unsupported type: html/],
  ['a header in mrkdwn', [{ type: 'header', text: mrkdwn('a') }], /unsupported value/],
  ['an unknown button style', [actions(button({ style: 'green' }))], /unsupported value/],
  ['an action_id twice in a block', [actions(button(), button())], /action_id "go" already exists/],
  [
    'a block_id twice',
    times(2, () => ({ ...divider, block_id: 'a' })),
    /"a" already exists \[.*\/1\/block_id\]/,
  ],
  ['actions without elements', [actions()], /no fewer than 1 items/],
  ['a select without options', [actions(select({ options: [] }))], /no fewer than 1 items/],
  ['a select without a list', [actions(select({ options: undefined }))], /either options or option_groups/],
  [
    'an option without a value',
    [actions(select({ options: [{ text: plain('a') }] }))],
    /missing required field: value/,
  ],
  ['an empty cell', [table([[raw('')]])], /must be more than 0 characters/],
  ['a cell in mrkdwn', [table([[mrkdwn('a')]])], /unsupported type: mrkdwn/],
  ['a data table of a header only', [dataTable([[raw('a')]])], /no fewer than 2 items/],
  ['rows of different lengths', [dataTable([[raw('a')], [raw('b'), raw('c')]])], /same number of cells/],
  [
    'rich text in a header row',
    [dataTable([[{ type: 'rich_text', elements: [] }], [raw('a')]])],
    /not be rich_text/,
  ],
  [
    'no caption',
    [{ ...dataTable([[raw('a')], [raw('b')]]), caption: undefined }],
    /missing required field: caption/,
  ],
  ['a page of 101 rows', [dataTable([[raw('a')], [raw('b')]], { page_size: 101 })], /<= 100/],
  [
    'a column out of reach',
    [dataTable([[raw('a')], [raw('b')]], { row_header_column_index: 1 })],
    /index of a column/,
  ],
  [
    'data tables of 10,001 characters',
    times(2, (i) => dataTable([[raw('a')], [raw(x(4999 + i))]])),
    /less than 10001/,
  ],
  [
    'markdown of 12,001 characters',
    times(2, (i) => ({ type: 'markdown', text: x(6000 + i) })),
    /less than 12001/,
  ],
  [
    'an alert, which is for modals',
    [{ type: 'alert', text: plain('a') }],
    /alert is not supported in a message/,
  ],
  [
    'a file, which is Slack’s own',
    [{ type: 'file', source: 'remote', external_id: 'a' }],
    /file is not supported/,
  ],
  [
    'an e-mail input, which is for modals',
    [input({ type: 'email_text_input' })],
    /not supported in a message/,
  ],
  [
    'an image of nothing',
    [{ type: 'image', alt_text: 'a' }],
    /missing required field: (image_url|slack_file)/,
  ],
  [
    'a plan of other things than tasks',
    [{ type: 'plan', title: 'p', tasks: [divider] }],
    /unsupported value/,
  ],
  ['a task in an unknown state', [card('failed')], /unsupported value/],
];

describe('a message', () => {
  test.each(characters)('has at most so many characters in %s: %d', (_what, limit, blocks) => {
    expect(validateMessageBlocks(blocks(limit))).toMatchObject({ ok: true });
    expect(messagesOf(validateMessageBlocks(blocks(limit + 1)))).toMatch(
      `must be less than ${limit + 1} characters`,
    );
  });

  test.each(items)('has at most so many %s: %d', (_what, limit, blocks) => {
    expect(validateMessageBlocks(blocks(limit))).toMatchObject({ ok: true });
    expect(messagesOf(validateMessageBlocks(blocks(limit + 1)))).toMatch(
      `no more than ${limit} items allowed`,
    );
  });

  test.each(mistakes)('is refused with %s', (_what, blocks, says) => {
    const verdict = validateMessageBlocks(blocks);
    expect(verdict).toMatchObject({ ok: false, error: 'invalid_blocks' });
    expect(messagesOf(verdict)).toMatch(says);
  });

  test('may hold everything that the mistakes above are near to', () => {
    const good = [
      section(mrkdwn('a')),
      actions(button(), select()),
      actions(button()),
      table([[raw('a'), { type: 'raw_number', value: 1, text: '1' }]]),
      dataTable([[raw('a')], [{ type: 'rich_text', elements: [] }]], {
        page_size: 100,
        row_header_column_index: 0,
      }),
      input({ type: 'plain_text_input' }),
      { type: 'plan', title: 'p', tasks: [card('error')] },
    ];
    expect(messagesOf(validateMessageBlocks(good))).toBe('');
  });

  test('has one table at most', () => {
    const verdict = validateMessageBlocks(times(2, () => table([[raw('a')]])));
    expect(verdict).toMatchObject({
      error: 'invalid_attachments',
      problems: [{ message: 'only_one_table_allowed' }],
    });
  });

  test('has at most 12,000 characters in all its blocks, each of which may be fine', () => {
    const full = times(4, () => section(mrkdwn(x(3000))));
    expect(validateMessageBlocks(full)).toMatchObject({ ok: true });
    expect(validateMessageBlocks([...full, section(mrkdwn('y'))])).toMatchObject({
      error: 'msg_blocks_too_long',
    });
  });

  test('is measured in code points: an emoji outside the BMP is one character', () => {
    const header = (n: number) => [{ type: 'header', text: plain('🚨'.repeat(n)) }];
    expect(validateMessageBlocks(header(150))).toMatchObject({ ok: true });
    expect(validateMessageBlocks(header(151))).toMatchObject({ ok: false });
  });

  test('with one mistake in a button is told of that mistake and of no other', () => {
    const verdict = validateMessageBlocks([section(mrkdwn('fine')), actions(button({ text: plain(x(76)) }))]);
    expect(messagesOf(verdict)).toBe(
      'must be less than 76 characters [json-pointer:/blocks/1/elements/0/text/text]',
    );
  });

  test('whose blocks are not a list is refused', () => {
    expect(validateMessageBlocks({ type: 'section' })).toMatchObject({ error: 'invalid_blocks_format' });
  });
});

const text = input({ type: 'plain_text_input', focus_on_load: true });
const brokenModals: [string, object, RegExp][] = [
  ['a title of 25 characters', modal({ title: plain(x(25)) }), /less than 25 characters/],
  ['a submit button of 25 characters', modal({ submit: plain(x(25)) }), /less than 25 characters/],
  ['a close button of 25 characters', modal({ close: plain(x(25)) }), /less than 25 characters/],
  [
    '101 blocks',
    modal({ blocks: times(101, () => divider) }),
    /no more than 100 items .*pointer:\/view\/blocks\]/,
  ],
  ['a callback_id of 256 characters', modal({ callback_id: x(256) }), /less than 256 characters/],
  ['private_metadata of 3001 characters', modal({ private_metadata: x(3001) }), /less than 3001 characters/],
  ['an input and no submit button', modal({ blocks: [text] }), /missing required field: submit/],
  ['no title', modal({ title: undefined }), /missing required field: title/],
  [
    'a table, which is for messages',
    modal({ blocks: [table([[raw('a')]])] }),
    /table is not supported in a modal/,
  ],
  ['the focus on two inputs', modal({ blocks: [text, text], submit: plain('Go') }), /focus_on_load/],
];

describe('a modal', () => {
  test('may be as large as the limits', () => {
    const blocks = [...times(99, () => divider), text];
    const names = { title: plain(x(24)), submit: plain(x(24)), close: plain(x(24)) };
    const verdict = validateView(modal({ ...names, blocks, callback_id: x(255), private_metadata: x(3000) }));
    expect(messagesOf(verdict)).toBe('');
  });

  test.each(brokenModals)('is refused with %s', (_what, view, says) => {
    const verdict = validateView(JSON.parse(JSON.stringify(view)));
    expect(verdict).toMatchObject({ ok: false, error: 'invalid_arguments' });
    expect(messagesOf(verdict)).toMatch(says);
  });

  test('has at most 250 kB', () => {
    const blocks = times(100, () => section(mrkdwn(x(3000))));
    expect(validateView(modal({ blocks }))).toMatchObject({ ok: false, error: 'view_too_large' });
  });
});

test('the schema on disk is what the installed @slack/types generate', () => {
  const script = new URL('../../../src/dev/slack/validation/generate-schema.ts', import.meta.url).pathname;
  const generated: unknown = JSON.parse(
    execFileSync(process.execPath, [script, '--print'], { encoding: 'utf8' }),
  );
  const onDisk = new URL('../../../src/dev/slack/validation/block-kit.schema.json', import.meta.url);
  expect(generated).toEqual(JSON.parse(readFileSync(onDisk, 'utf8')));
});

test('all twenty kinds of block of @slack/types are known', () => {
  expect(knownBlockTypes()).toHaveLength(20);
});
