import { asked, notesOf, ONE, problemsOf } from './asked.ts';

describe('what phones, Macs and Slack change reads as what was typed', () => {
  test.each([
    ['—since 2h', 'long dash for --'],
    ['–since=2h', 'short long dash for --'],
    ['-–since=2h', 'half a replacement'],
    ['since=“2h”', 'curly quotes'],
    ['since=”2h”', 'curly quotes, both closing'],
    ['since=„2h“', 'German quotes'],
    ['since=‘2h’', 'single curly quotes'],
    ['since="2h”', 'a straight and a curly quote'],
    ['since=2h\u00a0', 'a no-break space at the end'],
    ['\ufeffsince=\u200b2h', 'marks that nobody sees'],
    ['since=\u200e2h', 'a mark of direction'],
  ])('%s (%s)', (text) => {
    expect(asked(`${text}\u00a0vendor=7`)).toMatchObject({
      since: '2026-05-12T06:00:00.000000Z',
      vendor_ids: [7],
    });
  });

  test.each([
    ['a &lt;b&gt; &amp; c', 'a <b> & c'],
    ['&amp;lt;', '&lt;'],
    ['&amp;amp;', '&amp;'],
    ['see <https://a.example/x?y=1&amp;z=2>', 'see https://a.example/x?y=1&z=2'],
    ['<http://a.example|a.example> failed', 'a.example failed'],
    ['to <mailto:jo@a.example|jo@a.example>', 'to jo@a.example'],
    ['to <mailto:jo@a.example>', 'to jo@a.example'],
    ['call <tel:+15551234|555-1234>', 'call 555-1234'],
    ['<@U024BE7LH|jo> in <#C024BE7LR|ops>', '@jo in #ops'],
    ['<!here> <!subteam^SAZ94GDB8|@ops>', '@here @ops'],
    ['<@U024BE7LH>', '<@U024BE7LH>'],
    ['a < b <div> c', 'a < b <div> c'],
    ['two\u00a0words', 'two words'],
    ['new\u200b_task', 'new_task'],
  ])('inside the text of an error too: %s', (arrived, typed) => {
    expect(asked(`since=2h error="${arrived}"`).error_pattern).toBe(typed);
  });

  test('a link stands where a word stands', () => {
    expect(asked('since=2h error=<http://a.example|a.example>').error_pattern).toBe('a.example');
  });
});

describe('quotes and dashes inside the text of an error', () => {
  test('between curly quotes were typed on a phone: they are read straight, and the answer says so', () => {
    const text = 'since=2h error=“local variable ‘new_task’ — gone”';
    expect(asked(text).error_pattern).toBe("local variable 'new_task' -- gone");
    expect(notesOf(text)).toEqual([expect.stringMatching(/^error_pattern was read with straight quotes/)]);
  });

  test('between straight quotes were pasted: they stay, and there is nothing to say', () => {
    const text = 'since=2h error="couldn’t find “x” — gone"';
    expect(asked(text).error_pattern).toBe('couldn’t find “x” — gone');
    expect(notesOf(text)).toEqual([]);
  });

  test('in a word without quotes are read as typed', () => {
    expect(asked('since=2h error=couldn’t').error_pattern).toBe("couldn't");
    expect(notesOf('since=2h error=couldn’t')).toHaveLength(1);
  });

  test('plain curly quotes around plain text are not worth a word', () => {
    expect(notesOf('since=2h error=“new task”')).toEqual([]);
  });

  test('an apostrophe between single quotes could mean two things, so it is a mistake', () => {
    expect(problemsOf('since=2h error=‘couldn’t find’')).toEqual([
      expect.stringMatching(/^error_pattern has text right after its closing quote/),
    ]);
  });
});

test('what Word and wikis make of hyphens, and the marks that Windows copies along, read as what was typed', () => {
  for (const hyphen of ['\u2010', '\u2011', '\u2013', '\u2014'])
    expect(asked(`ids=${ONE.replaceAll('-', hyphen)}`).execution_uuids).toEqual([ONE]);
  for (const hyphen of ['\u2010', '\u2011'])
    expect(asked(`since=2026-05-11T12:30:00Z`.replaceAll('-', hyphen)).since).toBe(
      '2026-05-11T12:30:00.000000Z',
    );
  expect(asked('\u202asince=2h\u202c \u200eerror=x').error_pattern).toBe('x');
});

test('ids copied in lines from a query paste as one list', () => {
  expect(asked(`ids=${ONE},\n${ONE.replace('0', '1')}`).execution_uuids).toHaveLength(2);
});
