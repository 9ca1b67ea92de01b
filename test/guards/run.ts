// npm run guards: takes each guard away in a scratch copy and runs the test that must notice. A test that stays
// green without its guard proves nothing; then, or where a patch no longer applies, the command fails.
import { execFile, execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { GUARDS, type Guard } from './guards.ts';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));

/** Without its guard a test may wait for what never comes. */
const HASTY = '--testTimeout=25000';

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

/** Runs tests in a folder; answers whether all that ran were green, and how many ran. */
function runTests(
  folder: string,
  file: string,
  ...more: readonly string[]
): Promise<{ green: boolean; ran: number }> {
  const jest = ['node_modules/jest/bin/jest.js', file, '--json', '--silent', ...more];
  return new Promise((resolve, reject) => {
    execFile(process.execPath, jest, { cwd: folder, maxBuffer: 64e6 }, (error, stdout) => {
      try {
        const { numPassedTests, numFailedTests } = JSON.parse(stdout) as Record<string, number>;
        const ran = (numPassedTests ?? 0) + (numFailedTests ?? 0);
        resolve({ green: error === null, ran });
      } catch {
        reject(error ?? new Error('the tests said nothing'));
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
    const { green, ran } = await runTests(folder, file, '-t', test, HASTY);
    if (ran === 0) return { ok: false, said: 'NO SUCH TEST' };
    return green ? { ok: false, said: 'STAYS GREEN' } : { ok: true, said: 'red' };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** With every guard in place the same tests are green; otherwise red would say nothing. */
async function allGreen(): Promise<Verdict> {
  for (const file of new Set(GUARDS.map((guard) => guard.file))) {
    const { green } = await runTests(ROOT, file);
    if (!green) return { ok: false, said: `RED: ${file}` };
  }
  return { ok: true, said: 'green' };
}

const print = (guard: string, { said }: Verdict, test: string) =>
  process.stdout.write(`${guard.padEnd(58)} ${said.padEnd(12)} ${test}\n`);

const wanted = process.argv[2];
const before = await allGreen();
print('(every guard in place)', before, '');
let failed = before.ok ? 0 : 1;
for (const guard of GUARDS) {
  if (wanted !== undefined && !guard.patch.startsWith(wanted)) continue;
  const verdict = await tryGuard(guard);
  print(guard.guard, verdict, `${guard.file}: ${guard.test}`);
  if (!verdict.ok) failed += 1;
}
process.exitCode = failed > 0 ? 1 : 0;
