// How far each person has read each channel.
import type { Reader } from './reader.ts';

export type Reads = {
  last(user: string, channel: string): string | undefined;
  /** Notes that everything up to `ts` was on the person's screen. Answers whether that was news. */
  read(user: string, channel: string, ts: string): boolean;
  unread(reader: Reader, channel: string): { readonly unread: number; readonly mentions: number };
  clear(): void;
};

/** Nobody has read anything. */
export function createReads(): Reads {
  const all = new Map<string, string>();
  const key = (user: string, channel: string): string => `${user} ${channel}`;
  return {
    last: (user, channel) => all.get(key(user, channel)),
    read(user, channel, ts) {
      if ((all.get(key(user, channel)) ?? '') >= ts) return false;
      all.set(key(user, channel), ts);
      return true;
    },
    unread({ slack, user }, channel) {
      const last = all.get(key(user.id, channel)) ?? '';
      const fresh = slack.channelMessages(channel).filter((one) => one.ts > last && one.user !== user.id);
      const mentions = fresh.filter((one) =>
        `${one.text}${JSON.stringify(one.blocks ?? [])}`.includes(`<@${user.id}>`),
      );
      return { unread: fresh.length, mentions: mentions.length };
    },
    clear: () => all.clear(),
  };
}
