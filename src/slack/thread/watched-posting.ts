// Posting, with each try told to whoever counts: what it was, how it went, how long it took.
import type { SlackFailure } from '../clients.ts';
import type { Posting } from './posting.ts';
import { ThreadTrouble } from './trouble.ts';

export type OnPost = (
  kind: 'post' | 'edit' | 'upload',
  result: 'ok' | SlackFailure['kind'],
  seconds: number,
) => void;

/** The same posting; `now` in milliseconds. */
export function watchedPosting(posting: Posting, onPost: OnPost, now: () => number): Posting {
  const watched = async <Result>(
    kind: Parameters<OnPost>[0],
    work: () => Promise<Result>,
    resultOf: (result: Result) => Parameters<OnPost>[1] | null = () => 'ok',
  ): Promise<Result> => {
    const began = now();
    const tell = (result: Parameters<OnPost>[1]) => onPost(kind, result, (now() - began) / 1000);
    try {
      const result = await work();
      const told = resultOf(result);
      if (told !== null) tell(told);
      return result;
    } catch (error) {
      if (error instanceof ThreadTrouble) tell(error.failure.kind);
      throw error;
    }
  };
  return {
    post: (message, thread) => watched('post', () => posting.post(message, thread)),
    edit: (ts, message) =>
      watched(
        'edit',
        () => posting.edit(ts, message),
        ({ kind }) => (kind === 'later' ? 'rate_limited' : 'ok'),
      ),
    remove: (ts) => posting.remove(ts),
    permalink: (ts) => posting.permalink(ts),
    // One upload is counted once: where it ends.
    prepare: (file) =>
      watched(
        'upload',
        () => posting.prepare(file),
        () => null,
      ),
    attach: (threadTs, file) => watched('upload', () => posting.attach(threadTs, file)),
    // Part of the post that comes behind it: where Slack can't be asked, that post has failed.
    insistOnOwn: () =>
      watched(
        'post',
        () => posting.insistOnOwn(),
        () => null,
      ),
  };
}
