// How far each person has read each channel and each thread.
import type { Message } from '../../slack/world/model.ts';
import type { Reader } from './reader.ts';

export type Unread = { readonly unread: number; readonly mentions: number };

export type UnreadThread = Unread & { readonly channel: string; readonly ts: string };

export type Reads = {
  /** The time of the last message that was read there; `thread` is the time of a thread's first message. */
  last(user: string, channel: string, thread?: string): string | undefined;
  /** Notes that everything up to `ts` was on the person's screen. Answers whether that was news. */
  read(user: string, channel: string, ts: string, thread?: string): boolean;
  unread(reader: Reader, channel: string): Unread;
  /** Threads that the person follows, with replies that they haven't read; the latest first. */
  threads(reader: Reader): UnreadThread[];
  clear(): void;
};

const keyOf = (user: string, channel: string, thread = ''): string => `${user} ${channel} ${thread}`;

/** Who began a thread, wrote in it or was called in it follows it. */
function follows({ slack, user }: Reader, all: readonly Message[]): boolean {
  return all.some((one) => one.user === user.id || slack.isMentioned(user.id, one));
}

function count({ slack, user }: Reader, fresh: readonly Message[], isDirect: boolean): Unread {
  const others = fresh.filter((one) => one.user !== user.id);
  const mentions = isDirect ? others : others.filter((one) => slack.isMentioned(user.id, one));
  return { unread: others.length, mentions: mentions.length };
}

/** Nobody has read anything. */
export function createReads(): Reads {
  const all = new Map<string, string>();
  const threadsIn = (reader: Reader, channel: string): UnreadThread[] => {
    const { slack, user } = reader;
    const roots = slack.channelMessages(channel).filter((one) => !one.threadTs);
    return roots.flatMap((root) => {
      if (slack.replyCount(channel, root.ts) === 0) return [];
      const thread = slack.thread(channel, root.ts);
      const last = all.get(keyOf(user.id, channel, root.ts)) ?? '';
      const fresh = thread.slice(1).filter((one) => one.ts > last && !one.broadcast);
      const { unread, mentions } = count(reader, fresh, false);
      return unread > 0 && follows(reader, thread) ? [{ channel, ts: root.ts, unread, mentions }] : [];
    });
  };
  return {
    last: (user, channel, thread) => all.get(keyOf(user, channel, thread)),
    read(user, channel, ts, thread) {
      const key = keyOf(user, channel, thread);
      if ((all.get(key) ?? '') >= ts) return false;
      all.set(key, ts);
      return true;
    },
    unread(reader, channel) {
      const { slack, user } = reader;
      const last = all.get(keyOf(user.id, channel)) ?? '';
      const fresh = slack.channelMessages(channel).filter((one) => one.ts > last);
      const isDirect = slack.channels().some((one) => one.id === channel && one.isIm);
      return count(reader, fresh, isDirect);
    },
    threads: (reader) =>
      reader.slack
        .visibleTo(reader.user.id)
        .flatMap((channel) => threadsIn(reader, channel.id))
        .sort((a, b) => (a.ts < b.ts ? 1 : -1)),
    clear: () => all.clear(),
  };
}
