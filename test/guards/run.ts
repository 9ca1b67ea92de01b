// npm run guards: takes each guard away in a scratch copy and runs the test that must notice. A test that stays
// green without its guard proves nothing; then, or where a patch no longer applies, the command fails.
import { execFile, execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { misuse, unknownWord } from '../../src/command-line.ts';
import { type Guard, readGuards, type TestName } from './guard.ts';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
const GUARDS = readGuards(join(ROOT, 'test/guards'));

type Verdict = { readonly ok: boolean; readonly said: string };

/** The project's files, without what git ignores; the packages are the same ones. */
function scratchCopy(): string {
  const folder = mkdtempSync(join(tmpdir(), 'retry-batch-guards-'));
  const names = execFileSync('git', ['ls-files', '-z', '--cached', '--others', '--exclude-standard'], {
    cwd: ROOT,
    encoding: 'utf8',
  });
  for (const name of names.split('\0').filter((one) => one !== '')) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    cpSync(join(ROOT, name), join(folder, name));
  }
  symlinkSync(join(ROOT, 'node_modules'), join(folder, 'node_modules'));
  return folder;
}

type Ran = { readonly green: boolean; readonly ran: number; readonly red: readonly string[] };

/** Runs the tests of the files whose names match `test`; which files were red, and how many tests ran. */
function runTests(folder: string, files: readonly string[], test: string): Promise<Ran> {
  // What a test that goes red leaves open must not keep the command waiting.
  const jest = ['node_modules/jest/bin/jest.js', ...files, '--json', '--silent', '--forceExit', '-t', test];
  return new Promise((resolve) => {
    execFile(process.execPath, jest, { cwd: folder, maxBuffer: 64e6 }, (error, stdout) => {
      try {
        const { numPassedTests, numFailedTests, testResults } = JSON.parse(stdout) as JestResults;
        const red = testResults.filter(({ status }) => status === 'failed').map(({ name }) => name);
        resolve({ green: error === null, ran: numPassedTests + numFailedTests, red });
      } catch {
        // No such file.
        resolve({ green: false, ran: 0, red: files });
      }
    });
  });
}

type JestResults = {
  readonly numPassedTests: number;
  readonly numFailedTests: number;
  readonly testResults: readonly { readonly name: string; readonly status: string }[];
};

async function tryGuard(patch: string, test: TestName): Promise<Verdict> {
  const folder = scratchCopy();
  try {
    try {
      execFileSync('git', ['apply', join('test/guards', patch)], {
        cwd: folder,
        stdio: 'ignore',
      });
    } catch {
      return { ok: false, said: 'THE PATCH NO LONGER APPLIES' };
    }
    const { green, ran } = await runTests(folder, [test.file], test.name);
    if (ran === 0) return { ok: false, said: 'NO SUCH TEST' };
    return green ? { ok: false, said: 'STAYS GREEN' } : { ok: true, said: 'red' };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** With every guard in place the same tests are green; otherwise red would say nothing. */
async function allGreen(guards: readonly Guard[]): Promise<Verdict> {
  const tests = guards.flatMap((guard) => guard.tests);
  const files = [...new Set(tests.map(({ file }) => file))];
  const names = [...new Set(tests.map(({ name }) => name))];
  const { green, red } = await runTests(ROOT, files, names.join('|'));
  const said = `RED: ${red.map((name) => relative(ROOT, name)).join(', ')}`;
  return green ? { ok: true, said: 'green' } : { ok: false, said };
}

const print = (guard: string, { said }: Verdict, test: string) =>
  process.stdout.write(`${guard.padEnd(58)} ${said.padEnd(12)} ${test}\n`);

// All of them, or those whose patch, or whose folder, begins with one of the words behind the command.
const { jobs, words } = readWords();
const isMeant = ({ patch, name }: Guard, word: string) => patch.startsWith(word) || name.startsWith(word);
const unknown = words.find((word) => GUARDS.every((guard) => !isMeant(guard, word)));
if (unknown !== undefined) {
  const names = GUARDS.map(({ name }) => name);
  misuse(unknownWord('guards', unknown, names));
}
const wanted = GUARDS.filter((guard) => words.length === 0 || words.some((word) => isMeant(guard, word)));
const before = await allGreen(wanted);
print('(every guard in place)', before, '');
let failed = before.ok ? 0 : 1;
const left = wanted.values();
await Promise.all(Array.from({ length: jobs }, tryThoseLeft));
process.exitCode = failed > 0 ? 1 : 0;

async function tryThoseLeft(): Promise<void> {
  for (const { guard, patch, tests } of left) {
    for (const test of tests) {
      const verdict = await tryGuard(patch, test);
      print(guard, verdict, `${test.file}: ${test.name}`);
      if (!verdict.ok) failed += 1;
    }
  }
}

function readWords() {
  const { values, positionals } = parseArgs({
    options: { jobs: { type: 'string', default: '1' } },
    allowPositionals: true,
  });
  const count = Number(values.jobs);
  if (!Number.isInteger(count) || count < 1) misuse('--jobs takes a whole number from 1');
  return { jobs: count, words: positionals };
}
