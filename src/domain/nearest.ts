// "Did you mean …?": the known word nearest to a misspelt one.

/**
 * The candidate with the fewest edits (insert, delete, replace, swap of neighbours) from `word`, if it is
 * near enough that a typing slip explains it; undefined where nothing is. Case and `-` for `_` don't count.
 */
export function nearest<Word extends string>(word: string, candidates: readonly Word[]): Word | undefined {
  const plain = fold(word).slice(0, 64);
  // Each letter more or less is an edit: where lengths alone are too far apart, a long paste costs next to nothing.
  if (candidates.every(({ length }) => Math.abs(length - plain.length) > slips(length))) return undefined;
  let best: { word: Word; distance: number } | undefined;
  for (const candidate of candidates) {
    const distance = editDistance(plain, fold(candidate));
    if (best === undefined || distance < best.distance) best = { word: candidate, distance };
  }
  if (best === undefined) return undefined;
  return best.distance <= slips(best.word.length) ? best.word : undefined;
}

/** How many edits a slip of the fingers explains in a word of so many letters. */
function slips(length: number): number {
  return Math.max(1, Math.floor(length / 3));
}

function fold(word: string): string {
  return word.toLowerCase().replaceAll('-', '_');
}

function editDistance(a: string, b: string): number {
  let beforeLast: number[] = [];
  let last = Array.from({ length: b.length + 1 }, (_, column) => column);
  for (let row = 1; row <= a.length; row += 1) {
    const current = [row];
    for (let column = 1; column <= b.length; column += 1) {
      const same = a[row - 1] === b[column - 1];
      let cost = Math.min(
        at(last, column) + 1,
        at(current, column - 1) + 1,
        at(last, column - 1) + (same ? 0 : 1),
      );
      if (row > 1 && column > 1 && a[row - 1] === b[column - 2] && a[row - 2] === b[column - 1]) {
        cost = Math.min(cost, at(beforeLast, column - 2) + 1);
      }
      current.push(cost);
    }
    beforeLast = last;
    last = current;
  }
  return at(last, b.length);
}

function at(list: readonly number[], index: number): number {
  return list[index] ?? Number.POSITIVE_INFINITY;
}
