// What an admin who does not read the channel is told when somebody asks for approval.
import { callMessage } from '../../../src/slack/blocks/call.ts';
import { problems, words } from './check.ts';
import { batch } from './sample.ts';

test('the deadline reads as in the dry run, to the minute', () => {
  expect(callMessage(batch, null).text).toContain('until <!date^1778524201^{time}|18:30 UTC>.');
});

test('an admin who is not in the channel is told where else to approve, and which batch it is', () => {
  const message = callMessage(batch, null);
  expect(problems(message)).toEqual([]);
  for (const text of [words(message), message.text])
    expect(text).toMatch(/Not in that channel\? Approve it in this app's Home tab: batch [`“]3f2a9c1e[`”]\./);
});
