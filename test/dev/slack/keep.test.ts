// What was said outlives the process: a later Slack goes on with it.
import { startSlack, webClient } from './bench.ts';

it('goes on with messages, replies, whispers and files that an earlier one saved, and forgets them when told to', async () => {
  const first = await startSlack();
  const client = webClient(first);
  const { ts } = await client.chat.postMessage({ channel: 'C0INCIDENT', text: 'before' });
  await client.chat.postEphemeral({ channel: 'C0INCIDENT', user: 'U0ADMIN', text: 'psst' });
  await client.filesUploadV2({
    channel_id: 'C0INCIDENT',
    thread_ts: String(ts),
    filename: 'a.csv',
    file: Buffer.from('é'),
  });
  const saved = JSON.parse(JSON.stringify(first.save()));
  await first.stop();

  const second = await startSlack({ saved });
  expect(second.channelMessages('C0INCIDENT').map(({ text }) => text)).toEqual(['before']);
  expect(second.replyCount('C0INCIDENT', String(ts))).toBe(1);
  expect(second.ephemeralsOf('U0ADMIN')).toHaveLength(1);
  expect(second.files()[0]?.content.toString('utf8')).toBe('é');
  await webClient(second).chat.update({ channel: 'C0INCIDENT', ts: String(ts), text: 'after' });
  expect(second.message('C0INCIDENT', String(ts))?.text).toBe('after');

  second.clear();
  expect(second.channelMessages('C0INCIDENT')).toEqual([]);
  expect(second.ephemeralsOf('U0ADMIN')).toEqual([]);
  expect(second.files()).toEqual([]);
  await second.stop();
});
