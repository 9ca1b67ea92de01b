// Posting that never leaves its thread: where the message that it hangs on was deleted, Slack posts replies into the
// channel. The first one shows it, is taken away, and no other is sent. Nor is one while Slack limits posts: edits go on.
import { addSeconds } from 'date-fns/addSeconds';
import type { Thread } from '../../store/threads.ts';
import type { Posting } from './posting.ts';
import type { ThreadRecord } from './record.ts';
import { Stray, ThreadGone, ThreadTrouble } from './trouble.ts';

/** The same posting; what it learns of the thread is kept in the record. */
export function insideThread(posting: Posting, record: ThreadRecord, now: () => number): Posting {
  const insist = () => {
    if (record.thread.threadGone) throw new ThreadGone();
  };
  return {
    ...posting,
    post: async (message, thread) => {
      if (thread !== undefined) insist();
      const limited = postsIn(record.thread, now());
      if (limited > 0) throw new ThreadTrouble({ kind: 'rate_limited', retryAfterSeconds: limited });
      try {
        return await posting.post(message, thread);
      } catch (error) {
        if (error instanceof Stray) {
          await record.save({ threadGone: true, strays: [...(record.thread.strays ?? []), error.ts] });
          await removeStrays(posting, record);
        }
        if (error instanceof ThreadTrouble && error.failure.kind === 'rate_limited')
          await record.save({ postsAfter: addSeconds(now(), error.failure.retryAfterSeconds) });
        throw error;
      }
    },
    prepare: async (file) => {
      insist();
      return posting.prepare(file);
    },
    attach: async (threadTs, file) => {
      insist();
      return posting.attach(threadTs, file);
    },
  };
}

/** Seconds until Slack takes posts again, as far as it said so; 0 where it does. */
export function postsIn({ postsAfter }: Pick<Thread, 'postsAfter'>, now: number): number {
  return postsAfter === null ? 0 : Math.max(0, (postsAfter.getTime() - now) / 1000);
}

/** Takes away what stands outside of the thread, as far as Slack lets it; the rest is for the next pass. */
export async function removeStrays(posting: Posting, record: ThreadRecord): Promise<void> {
  try {
    for (const ts of record.thread.strays ?? []) {
      await posting.remove(ts);
      await record.save({ strays: (record.thread.strays ?? []).filter((one) => one !== ts) });
    }
  } catch (error) {
    if (!(error instanceof ThreadTrouble)) throw error;
  }
}
