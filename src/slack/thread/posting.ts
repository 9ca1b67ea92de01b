// Posts, edits and uploads for one thread. Every failure is thrown as ThreadTrouble: whatever was not shown is
// shown by the next try.
import type { Buffer } from 'node:buffer';
import type { Message } from '../blocks/message.ts';
import { callSlack, type SlackClients, type SlackResult } from '../clients.ts';
import type { Pacer } from './pacer.ts';
import { ThreadTrouble } from './trouble.ts';

/** `gone`: the message is there no more. `fixed`: it is, and can't be changed any more (too old, not ours to change). */
export type Edited = 'edited' | 'gone' | 'fixed';

export type Posting = {
  /** Posts and answers the message's timestamp; in a thread, and to the channel too, where asked. */
  post(message: Message, thread?: { ts: string; broadcast?: boolean }): Promise<string>;
  edit(ts: string, message: Message): Promise<Edited>;
  upload(
    threadTs: string,
    file: { name: string; title: string; content: Buffer },
    comment: string,
  ): Promise<void>;
};

/** No autolinks, no unfurling: what stands in a message is what the bot wrote. */
const PLAIN = { unfurl_links: false, unfurl_media: false, parse: 'none' } as const;

/** What Slack says of a message that can't be edited: trying again changes nothing. */
const UNEDITABLE: Readonly<Record<string, Edited>> = {
  message_not_found: 'gone',
  cant_update_message: 'fixed',
  edit_window_closed: 'fixed',
};

/** Slack doesn't take the blocks; the text alone says the same. */
const BLOCKS_REFUSED = new Set(['invalid_blocks', 'invalid_blocks_format', 'msg_blocks_too_long']);

/** What is shown in one channel. */
export function createPosting(clients: SlackClients, pacer: Pacer, channel: string): Posting {
  const { chat } = clients.post;
  const withFallback = async <Value>(
    message: Message,
    send: (body: Partial<Message> & { text: string }) => Promise<SlackResult<Value>>,
  ): Promise<SlackResult<Value>> => {
    const sent = await send(message);
    const refused =
      sent.kind === 'failed' && sent.failure.kind === 'refused' && BLOCKS_REFUSED.has(sent.failure.error);
    return refused ? send({ text: message.text }) : sent;
  };
  return {
    post: async (message, thread) => {
      await pacer.turn(channel);
      const place = thread ? { thread_ts: thread.ts, reply_broadcast: thread.broadcast ?? false } : {};
      const sent = await withFallback(message, (body) =>
        callSlack(() =>
          chat.postMessage({ channel, ...PLAIN, ...place, ...body } as Parameters<
            typeof chat.postMessage
          >[0]),
        ),
      );
      const { ts } = taken(sent);
      if (ts === undefined)
        throw new ThreadTrouble({ kind: 'unreachable', reason: 'Slack gave no timestamp', sent: true });
      return ts;
    },
    edit: async (ts, message) => {
      const sent = await withFallback(message, (body) =>
        callSlack(() => chat.update({ channel, ts, parse: 'none', blocks: [], ...body })),
      );
      const refused = sent.kind === 'failed' && sent.failure.kind === 'refused' ? sent.failure.error : '';
      const why = UNEDITABLE[refused];
      if (why !== undefined) return why;
      taken(sent);
      return 'edited';
    },
    upload: async (threadTs, file, comment) => {
      await pacer.turn(channel);
      const sent = await callSlack(() =>
        clients.post.filesUploadV2({
          channel_id: channel,
          thread_ts: threadTs,
          initial_comment: comment,
          file: file.content,
          filename: file.name,
          title: file.title,
        }),
      );
      taken(sent);
    },
  };
}

function taken<Value>(result: SlackResult<Value>): Value {
  if (result.kind === 'failed') throw new ThreadTrouble(result.failure);
  return result.value;
}
