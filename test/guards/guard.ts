// The guards that keep a customer from harm. Each is a patch in a folder beside this file, which takes it away; above the patch
// stands what the guard is, and under that the tests that go red without it, one in a line: file, colon, name.
import { readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';

export type Guard = {
  /** Of the patch, without its ending. */
  readonly name: string;
  /** From this folder. */
  readonly patch: string;
  readonly guard: string;
  readonly tests: readonly TestName[];
};

/** `name` is a part of the test's name in that file, as a pattern. */
export type TestName = { readonly file: string; readonly name: string };

const HEAD = /^(?<guard>.+)\n(?<tests>(?:\S+: .+\n)+)\ndiff /;
const ENDING = '.patch';

/** Every guard below `folder`, by its path. Throws where a patch has no such head. */
export function readGuards(folder: string): readonly Guard[] {
  const patches = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((path) =>
    path.endsWith(ENDING),
  );
  return patches.sort().map((patch) => {
    const { guard, tests } = HEAD.exec(readFileSync(join(folder, patch), 'utf8'))?.groups ?? {};
    if (guard === undefined || tests === undefined)
      throw new Error(`${patch} does not begin with what the guard is, its tests and an empty line`);
    return { name: basename(patch, ENDING), patch, guard, tests: tests.trim().split('\n').map(readTest) };
  });
}

function readTest(line: string): TestName {
  const [file = '', ...name] = line.split(': ');
  return { file, name: name.join(': ') };
}
