// npm run guards: takes each guard away in a scratch copy and runs the test that must notice. A test that stays
// green without its guard proves nothing; then, or where a patch no longer applies, the command fails.
import { execFile, execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { misuse, unknownWord } from '../../src/command-line.ts';
import type { Guard } from './guard.ts';
import { GUARDS } from './guards.ts';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));

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

/** Runs the tests of a file whose names match `test`; answers whether all that ran were green, and how many ran. */
function runTests(folder: string, file: string, test: string): Promise<{ green: boolean; ran: number }> {
  // What a test that goes red leaves open must not keep the command waiting.
  const jest = ['node_modules/jest/bin/jest.js', file, '--json', '--silent', '--forceExit', '-t', test];
  return new Promise((resolve) => {
    execFile(process.execPath, jest, { cwd: folder, maxBuffer: 64e6 }, (error, stdout) => {
      try {
        const { numPassedTests, numFailedTests } = JSON.parse(stdout) as Record<string, number>;
        const ran = (numPassedTests ?? 0) + (numFailedTests ?? 0);
        resolve({ green: error === null, ran });
      } catch {
        // No such file.
        resolve({ green: false, ran: 0 });
      }
    });
  });
}

async function tryGuard({ patch, file, test }: Guard): Promise<Verdict> {
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
    const { green, ran } = await runTests(folder, file, test);
    if (ran === 0) return { ok: false, said: 'NO SUCH TEST' };
    return green ? { ok: false, said: 'STAYS GREEN' } : { ok: true, said: 'red' };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** With every guard in place the same tests are green; otherwise red would say nothing. */
async function allGreen(guards: readonly Guard[]): Promise<Verdict> {
  for (const file of new Set(guards.map((guard) => guard.file))) {
    const tests = guards.filter((guard) => guard.file === file).map((guard) => guard.test);
    const { green } = await runTests(ROOT, file, tests.join('|'));
    if (!green) return { ok: false, said: `RED: ${file}` };
  }
  return { ok: true, said: 'green' };
}

const print = (guard: string, { said }: Verdict, test: string) =>
  process.stdout.write(`${guard.padEnd(58)} ${said.padEnd(12)} ${test}\n`);

// All of them, or those whose patch begins with one of the words behind the command.
const words = process.argv.slice(2);
const unknown = words.find((word) => GUARDS.every(({ patch }) => !patch.startsWith(word)));
if (unknown !== undefined) {
  const names = GUARDS.map(({ patch }) => patch.replace('.patch', ''));
  misuse(unknownWord('guards', unknown, names));
}
const wanted = GUARDS.filter(
  ({ patch }) => words.length === 0 || words.some((word) => patch.startsWith(word)),
);
const before = await allGreen(wanted);
print('(every guard in place)', before, '');
let failed = before.ok ? 0 : 1;
for (const guard of wanted) {
  const verdict = await tryGuard(guard);
  print(guard.guard, verdict, `${guard.file}: ${guard.test}`);
  if (!verdict.ok) failed += 1;
}
process.exitCode = failed > 0 ? 1 : 0;
