// A process that was frozen with an edit in hand sends it when it goes on: over what another one has told meanwhile.
import { WebClient } from '@slack/web-api';
import { shared } from '../support/shared.ts';
import { until } from '../support/until.ts';
import { type Asked, buttonsOf, openDesk } from './desk.ts';

const desk = shared(() => openDesk());

const thread = (asked: Asked, change: string) =>
  desk.world.sql(`update retry_batch.slack_threads set ${change} where batch_id = $1 returning progress_ts`, [
    asked.batchId,
  ]);

test('bar and headline of a run that has ended are put right again, also where the thread had come to rest', async () => {
  const slack = new WebClient(desk.environment.SLACK_BOT_TOKEN, { slackApiUrl: desk.slack.apiUrl });
  const asked = await desk.waiting(2);
  await desk.click(asked, 'approve');
  await desk.settled(asked.batchId);
  const said = desk.shown(asked).text;
  const [{ progress_ts: bar }] = (await thread(asked, 'settled = settled')) as [{ progress_ts: string }];
  const shown = () => desk.slack.message(asked.channel, bar);
  expect(buttonsOf(shown() ?? {})).toEqual([]);

  // As it is left by a process that is frozen: taken, and not given back. Another one takes it, and has nothing to edit.
  await thread(asked, `settled = false, next_try_at = now(), lease_until = now() - interval '1 second'`);
  await until('another process took it', async () => {
    const sql =
      'select from retry_batch.slack_threads where batch_id = $1 and doubted_until is not null and lease_until is null';
    return (await desk.world.sql(sql, [asked.batchId])).length > 0;
  });
  const old = {
    type: 'button',
    action_id: 'retry_batch_stop',
    value: asked.batchId,
    text: { type: 'plain_text', text: 'Stop' },
  };
  for (const ts of [bar, asked.ts]) {
    await slack.chat.update({
      channel: asked.channel,
      ts,
      text: 'Running',
      blocks: [{ type: 'actions', elements: [old] }] as never,
    });
  }
  expect(buttonsOf(shown() ?? {})).toEqual(['stop']);
  await thread(asked, 'doubted_until = now(), next_try_at = now()');
  await desk.slack.waitFor(() => desk.shown(asked).text === said && buttonsOf(shown() ?? {}).length === 0, {
    what: 'the run as it ended',
  });
  await desk.settled(asked.batchId);
});
