// Block Kit as HTML: every block and element has a drawing, and what has none is said out loud.
import fc from 'fast-check';
import { firstRecords } from '../../../src/dev/slack-page/view/csv-preview.ts';
import {
  actions,
  button,
  card,
  dataTable,
  input,
  option,
  options,
  plain,
  raw,
  select,
  table,
} from '../slack/samples.ts';
import { dangers, draw, undrawn } from './drawing.ts';

const mrkdwn = (text: string) => ({ type: 'mrkdwn', text });
const section = (text: string) => ({ type: 'section', text: mrkdwn(text) });
const element = (type: string, more: object = {}) => ({
  type,
  action_id: 'a',
  placeholder: plain('Pick'),
  ...more,
});
const rich = (...elements: unknown[]) => ({ type: 'rich_text', elements });
const line = (...elements: unknown[]) => rich({ type: 'rich_text_section', elements });

const SELECTS = [
  select(),
  select({ type: 'multi_static_select', initial_options: options(1) }),
  select({ options: undefined, option_groups: [{ label: plain('g'), options: options(2) }] }),
  ...['users', 'channels', 'conversations', 'external'].flatMap((kind) => [
    element(`${kind}_select`),
    element(`multi_${kind}_select`),
  ]),
];
const PICKED = [
  element('radio_buttons', { options: [option({ description: plain('more') })] }),
  element('checkboxes', { options: options(2), initial_options: options(1) }),
  element('datepicker', { initial_date: '2026-05-11' }),
  element('timepicker', { initial_time: '12:30' }),
  element('datetimepicker', { initial_date_time: 1_778_502_600 }),
];
const TYPED = [
  element('plain_text_input', { initial_value: 'so' }),
  element('plain_text_input', { multiline: true }),
  element('number_input', { is_decimal_allowed: false, min_value: '1' }),
  element('email_text_input'),
  element('url_text_input'),
  element('rich_text_input', { initial_value: line({ type: 'text', text: 'rich' }) }),
  element('file_input', { filetypes: ['csv'] }),
];

describe('every block has a drawing', () => {
  const blocks: Record<string, unknown> = {
    header: { type: 'header', text: plain('Approval needed') },
    'section with fields and accessory': {
      ...section('text'),
      fields: [mrkdwn('*one*'), plain('two')],
      accessory: button(),
    },
    context: {
      type: 'context',
      elements: [mrkdwn('by _Ana_'), { type: 'image', image_url: 'https://a.example/x.png', alt_text: 'x' }],
    },
    divider: { type: 'divider' },
    actions: actions(
      button({ style: 'primary' }),
      button({ style: 'danger' }),
      button({ url: 'https://a.example' }),
      ...SELECTS,
      ...PICKED,
      element('overflow', { options: options(2) }),
      element('workflow_button', { text: plain('Run') }),
    ),
    image: {
      type: 'image',
      image_url: 'https://a.example/x.png',
      alt_text: 'A chart',
      title: plain('Chart'),
    },
    rich_text: rich(
      {
        type: 'rich_text_section',
        elements: [
          { type: 'text', text: 'a', style: { bold: true, italic: true, strike: true, code: true } },
          { type: 'user', user_id: 'U0ANA' },
          { type: 'usergroup', usergroup_id: 'S1' },
          { type: 'channel', channel_id: 'C1' },
          { type: 'team', team_id: 'T1' },
          { type: 'broadcast', range: 'here' },
          { type: 'emoji', name: 'tada' },
          { type: 'link', url: 'https://a.example', text: 'x' },
          { type: 'date', timestamp: 1_778_502_600, format: '{time}', fallback: 'then' },
          { type: 'color', value: '#fff' },
        ],
      },
      {
        type: 'rich_text_list',
        style: 'ordered',
        indent: 1,
        elements: [{ type: 'rich_text_section', elements: [{ type: 'text', text: 'first' }] }],
      },
      { type: 'rich_text_quote', elements: [{ type: 'text', text: 'said' }] },
      { type: 'rich_text_preformatted', elements: [{ type: 'text', text: 'code' }] },
    ),
    table: { ...table([[raw('id')], [raw('1')]]), column_settings: [{ align: 'right', is_wrapped: true }] },
    data_table: dataTable(
      [[raw('id')], [{ type: 'raw_number', value: 1, text: '1' }], [line({ type: 'text', text: 'r' })]],
      { row_header_column_index: 0 },
    ),
    markdown: {
      type: 'markdown',
      text: '# Title\n\n- one\n- **two**\n\n1. x\n\n> quote\n\n```\ncode\n```\n[a](https://a.example) `c`',
    },
    plan: { type: 'plan', title: 'Replaying', tasks: [card('complete'), card('error')] },
    task_card: {
      ...card('in_progress'),
      details: line({ type: 'text', text: 'd' }),
      sources: [{ type: 'url', url: 'https://a.example', text: 'source' }],
    },
  };
  it.each(Object.keys(blocks))('%s', (name) => {
    const html = draw(blocks[name]);
    expect(undrawn(html)).toEqual([]);
    expect(dangers(html)).toEqual([]);
  });
  it.each([...SELECTS, ...PICKED, ...TYPED].map((one) => [String(one.type), one] as const))(
    'an input with %s',
    (_, one) => {
      const html = draw({ ...input(one), block_id: 'b', hint: plain('hint') });
      expect(undrawn(html)).toEqual([]);
      expect(html).toContain('Why');
      expect(dangers(html)).toEqual([]);
    },
  );
});

describe('what has no drawing', () => {
  it('is said out loud, block or element', () => {
    expect(undrawn(draw({ type: 'hologram' }))).toEqual(['hologram']);
    expect(undrawn(draw(actions({ type: 'lever', action_id: 'a' })))).toEqual(['lever']);
    expect(undrawn(draw(line({ type: 'smell' })))).toEqual(['smell']);
    expect(draw({ type: 'hologram' })).toContain("can't draw the block “hologram”");
  });
});

describe('mrkdwn', () => {
  it('shows times in the reader’s zone', () => {
    expect(draw(section('<!date^1778502600^{date_short_pretty} {time_secs}|then>'))).toContain('2:30:00 PM');
  });
  it('draws quotes wherever they stand, and no markup inside code', () => {
    const html = draw(section('before\n&gt; quoted *b*\nafter `*c*`'));
    expect(html).toMatch(
      /before<\/div><blockquote>quoted <span class="slack_bold">b<\/span><\/blockquote><div>after/,
    );
    expect(html).toContain('<code>*c*</code>');
  });
  it('makes no link that runs something', () => {
    expect(
      draw(section('<javascript:alert(1)|x>'), line({ type: 'link', url: 'javascript:alert(1)' }), {
        type: 'markdown',
        text: '[x](javascript:alert(1))',
      }),
    ).not.toContain('href');
  });
});

it('any text, anywhere in a message, stays text', () => {
  const text = fc.oneof(
    fc.string({
      unit: fc.constantFrom(
        '<',
        '>',
        '"',
        "'",
        '&',
        '`',
        '*',
        '_',
        '~',
        '|',
        '!',
        '@',
        '^',
        '\n',
        'script',
        'img src=x onerror=',
        'https://a.example/',
        'javascript:',
        ':x:',
        '](',
        '\u0000',
        ' ',
      ),
    }),
    fc.string({ unit: 'binary' }),
    fc.constantFrom('toString', 'constructor', '__proto__'),
  );
  fc.assert(
    fc.property(text, (s) => {
      const html = draw(
        { type: 'header', text: plain(s) },
        {
          ...section(s),
          fields: [mrkdwn(s)],
          accessory: {
            ...button({ text: plain(s), value: s, url: s, confirm: { text: plain(s) } }),
            action_id: s,
          },
        },
        { type: 'context', elements: [mrkdwn(s), { type: 'image', image_url: s, alt_text: s }] },
        { type: 'markdown', text: s },
        line(
          { type: 'text', text: s },
          { type: 'link', url: s, text: s },
          { type: 'date', timestamp: 1, format: s, fallback: s },
          { type: 'emoji', name: s },
          { type: 'user', user_id: s },
        ),
        table([[raw(s)], [raw(s)]]),
        { type: 'plan', title: s, tasks: [{ ...card('complete'), title: s, status: s }] },
        { ...input(element('plain_text_input', { initial_value: s, action_id: s })), block_id: s },
        { type: s },
      );
      expect(dangers(html)).toEqual([]);
    }),
    { numRuns: 300 },
  );
});

it('reads CSV as spreadsheets do', () => {
  expect(firstRecords('a,"b ""x"", y"\r\n"1\n2",3\r\nlast', 3)).toEqual([
    ['a', 'b "x", y'],
    ['1\n2', '3'],
    ['last'],
  ]);
  expect(firstRecords('a\nb\nc\n', 2)).toEqual([['a'], ['b']]);
});
