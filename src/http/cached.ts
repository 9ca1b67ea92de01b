// An answer that is the same for everybody for a moment: whoever asks often, or many at once, costs no more than one.

/** `read`, at most once in `milliseconds`; a failure is not kept. `now` in milliseconds. */
export function cached<Answer>(
  read: () => Promise<Answer>,
  milliseconds: number,
  now: () => number,
): () => Promise<Answer> {
  let kept: { readonly answer: Promise<Answer>; readonly until: number } | undefined;
  let asking: Promise<Answer> | undefined;
  return () => {
    if (asking !== undefined) return asking;
    if (kept !== undefined && now() < kept.until) return kept.answer;
    const answer = read();
    asking = answer;
    answer.then(
      () => {
        asking = undefined;
        kept = { answer, until: now() + milliseconds };
      },
      () => {
        asking = undefined;
      },
    );
    return answer;
  };
}
