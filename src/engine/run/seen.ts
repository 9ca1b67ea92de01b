// What failed replays say about the fix: the original error, come back, says that it is not live; another one says nothing.

/** That in words, behind what failed: `originals` of `failed` replays failed with the error that their row had in the plan. */
export function seen(originals: number, failed: number): string {
  if (originals === 0) return 'none with its original error, which says nothing about the fix';
  const which =
    originals === failed ? 'with the original error' : `${originals} of them with the original error`;
  return `${which}: the fix does not look live`;
}
