// Posts, edits and uploads in one channel. Every failure is thrown as ThreadTrouble, but for an edit that is limited: that
// one is put off, and nothing waits for it.
import type { Message } from '../blocks/message.ts';
import { callSlack, type SlackClients, type SlackResult } from '../clients.ts';
import { isSharedOutside } from '../receive/channel.ts';
import type { Pacer } from './pacer.ts';
import { Stray, ThreadTrouble } from './trouble.ts';
import { attachFile, type File, type PreparedFile, prepareFile } from './upload.ts';

export type Edited =
  | { readonly kind: 'edited' }
  /** The message is there no more. */
  | { readonly kind: 'gone' }
  /** It is there, and can't be changed any more (too old, not ours to change). */
  | { readonly kind: 'fixed' }
  /** Edits are limited for so many seconds. */
  | { readonly kind: 'later'; readonly seconds: number };

export type Place = {
  readonly ts: string;
  /** Shown in the channel too. */
  readonly broadcast?: boolean;
  /** Its text alone would say nothing: refused blocks are a failure. */
  readonly whole?: boolean;
};

export type Posting = {
  /**
   * Posts, and answers the message's timestamp; in a thread where one is named. Throws Stray where Slack put it outside
   * of that thread.
   */
  post(message: Message, thread?: Place): Promise<string>;
  edit(ts: string, message: Message): Promise<Edited>;
  /** Takes a message of ours away, where that can be done at all. */
  remove(ts: string): Promise<void>;
  /** Brings a file to Slack. Nobody sees it before it is attached. */
  prepare(file: File): Promise<PreparedFile>;
  /** Only right behind a reply that stands in the thread: Slack doesn't say where a file ended up. */
  attach(threadTs: string, file: PreparedFile): Promise<void>;
  /** Where a message can be read; null where Slack does not say. */
  permalink(ts: string): Promise<string | null>;
  /** Throws where the channel is shared with another organisation by now, or can't be asked about. */
  insistOnOwn(): Promise<void>;
};

/** No autolinks, no unfurling: what stands in a message is what the bot wrote. */
const PLAIN = { unfurl_links: false, unfurl_media: false, parse: 'none' } as const;

/** What Slack says of a message that can't be edited: trying again changes nothing. */
const UNEDITABLE: Readonly<Record<string, Edited>> = {
  message_not_found: { kind: 'gone' },
  cant_update_message: { kind: 'fixed' },
  edit_window_closed: { kind: 'fixed' },
};

/** Slack doesn't take the blocks; the text alone says the same. */
const BLOCKS_REFUSED = new Set([
  'invalid_blocks',
  'invalid_blocks_format',
  'msg_blocks_too_long',
  'invalid_attachments',
  'attachment_payload_limit_exceeded',
]);

/** Whether Slack refused a message for its blocks, a table for one. */
export function refusesBlocks({ failure }: ThreadTrouble): boolean {
  return failure.kind === 'refused' && BLOCKS_REFUSED.has(failure.error);
}

type Body = Partial<Message> & { text: string };

/** What is shown in one channel. */
export function createPosting(clients: SlackClients, pacer: Pacer, channel: string): Posting {
  const { chat } = clients.post;
  const send = (body: Body, thread: Place | undefined) => {
    const place = thread ? { thread_ts: thread.ts, reply_broadcast: thread.broadcast ?? false } : {};
    return callSlack(() =>
      chat.postMessage({ channel, ...PLAIN, ...place, ...body } as Parameters<typeof chat.postMessage>[0]),
    );
  };
  return {
    post: async (message, thread) => {
      await pacer.turn(channel);
      const sent = thread?.whole
        ? await send(message, thread)
        : await withFallback(message, (body) => send(body, thread));
      const { ts, message: shown } = taken(sent);
      if (ts === undefined)
        throw new ThreadTrouble({ kind: 'unreachable', reason: 'Slack gave no timestamp', sent: true });
      // That is all that Slack says of a thread that is gone: it posts the reply into the channel.
      if (thread !== undefined && shown !== undefined && shown.thread_ts === undefined) throw new Stray(ts);
      return ts;
    },
    edit: async (ts, message) => {
      const sent = await withFallback(message, (body) =>
        callSlack(() => chat.update({ channel, ts, parse: 'none', blocks: [], ...body })),
      );
      if (sent.kind === 'failed') {
        const { failure } = sent;
        if (failure.kind === 'rate_limited') return { kind: 'later', seconds: failure.retryAfterSeconds };
        const why = failure.kind === 'refused' ? UNEDITABLE[failure.error] : undefined;
        if (why !== undefined) return why;
      }
      taken(sent);
      return { kind: 'edited' };
    },
    remove: async (ts) => {
      const sent = await callSlack(() => chat.delete({ channel, ts }));
      if (sent.kind === 'failed' && sent.failure.kind !== 'refused') taken(sent);
    },
    prepare: async (file) => taken(await prepareFile(clients, file)),
    attach: async (threadTs, file) => {
      taken(await attachFile(clients, { channel, threadTs }, file));
    },
    permalink: async (ts) => {
      const asked = await callSlack(() => chat.getPermalink({ channel, message_ts: ts }));
      if (asked.kind === 'failed' && asked.failure.kind === 'refused') return null;
      return taken(asked).permalink ?? null;
    },
    insistOnOwn: async () => {
      if (taken(await isSharedOutside(clients.post, channel)))
        throw new ThreadTrouble({ kind: 'refused', error: 'channel_shared' });
    },
  };
}

async function withFallback<Value>(
  message: Message,
  send: (body: Body) => Promise<SlackResult<Value>>,
): Promise<SlackResult<Value>> {
  const sent = await send(message);
  const refused =
    sent.kind === 'failed' && sent.failure.kind === 'refused' && BLOCKS_REFUSED.has(sent.failure.error);
  return refused ? send({ text: message.text }) : sent;
}

function taken<Value>(result: SlackResult<Value>): Value {
  if (result.kind === 'failed') throw new ThreadTrouble(result.failure);
  return result.value;
}
