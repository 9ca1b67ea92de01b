// Which tests go red without each guard is shown by `npm run guards`, which takes hours; this is what can be seen at once.
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { readGuards } from './guard.ts';

const FOLDER = fileURLToPath(new URL('.', import.meta.url));
const ROOT = join(FOLDER, '../..');

describe('each guard', () => {
  const guards = readGuards(FOLDER);

  it('can be taken away as the code stands now', () => {
    expect(guards.length).toBeGreaterThan(0);
    const gone = guards.filter(({ patch }) => !standsInTheCode(readFileSync(join(FOLDER, patch), 'utf8')));
    expect(gone.map(({ patch }) => patch)).toEqual([]);
  });

  it('names tests in files that are there', () => {
    const missing = guards.flatMap(({ tests }) => tests.filter(({ file }) => !existsSync(join(ROOT, file))));
    expect(missing).toEqual([]);
  });
});

/** Whether what each hunk changes is in its file, with the lines around it. */
function standsInTheCode(patch: string): boolean {
  return patch
    .split(/^diff .*$/m)
    .slice(1)
    .every((change) => {
      const file = /^--- a\/(.+)$/m.exec(change)?.[1];
      if (file === undefined) return false;
      const code = readFileSync(join(ROOT, file), 'utf8');
      return change
        .split(/^@@ .*$/m)
        .slice(1)
        .every((hunk) => {
          const before = hunk
            .split('\n')
            .filter((line) => /^[ -]/.test(line))
            .map((line) => line.slice(1));
          return before.length > 0 && code.includes(before.join('\n'));
        });
    });
}
