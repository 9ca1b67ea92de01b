// What must be known is a type: whoever adds a reason, a refusal, a status, an action or another field of evidence and
// forgets somebody who must know it is told so by `npm run check`, with the file's name.
import { execFile } from 'node:child_process';
import { cp, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

/** Replaces a text that stands exactly once in a file of `src/`. */
type Edit = { readonly file: string; readonly from: string; readonly to: string };

let scratch: string;

beforeAll(async () => {
  scratch = await mkdtemp(join(tmpdir(), 'retry-batch-types-'));
  // What the bot does not need costs a third of the time.
  const isOfTheBot = (path: string) => !resolve(path).startsWith(resolve('src/dev'));
  await cp('src', join(scratch, 'src'), { recursive: true, filter: isOfTheBot });
  await cp('package.json', join(scratch, 'package.json'));
  await symlink(resolve('node_modules'), join(scratch, 'node_modules'));
  const config = JSON.parse(await readFile('tsconfig.json', 'utf8')) as object;
  await writeFile(join(scratch, 'tsconfig.json'), JSON.stringify({ ...config, include: ['src'] }));
});

afterAll(() => rm(scratch, { recursive: true }));

/** The files that the compiler finds fault with; none where it is content. */
async function faults(): Promise<string[]> {
  const tsc = join(scratch, 'node_modules/typescript/bin/tsc');
  const options = ['--noEmit', '--pretty', 'false', '--singleThreaded', '--incremental'];
  const out = await new Promise<string>((settle, fail) => {
    const words = [tsc, ...options, '--tsBuildInfoFile', 'known.json'];
    execFile(process.execPath, words, { cwd: scratch, maxBuffer: 1e8 }, (error, stdout, stderr) => {
      if (error !== null && stdout === '') fail(new Error(`tsc: ${stderr}`, { cause: error }));
      settle(stdout);
    });
  });
  const named = [...out.matchAll(/^(src\/[^(]+)\(\d+,\d+\): error/gm)].map((match) => match[1] ?? '');
  return [...new Set(named)].toSorted();
}

/** The files that the compiler finds fault with while the edits stand. */
async function faultsWith(edits: readonly Edit[]): Promise<string[]> {
  const before = new Map<string, string>();
  for (const { file, from, to } of edits) {
    const path = join(scratch, 'src', file);
    const text = await readFile(path, 'utf8');
    expect(text.split(from)).toHaveLength(2);
    if (!before.has(path)) before.set(path, text);
    await writeFile(path, text.replace(from, to));
  }
  try {
    return await faults();
  } finally {
    for (const [path, text] of before) await writeFile(path, text);
  }
}

test('as it stands, everybody knows everything', async () => {
  expect(await faults()).toEqual([]);
});

test.each<[string, Edit[], string[]]>([
  [
    'a reason to skip has no condition and no remedy',
    [
      {
        file: 'domain/skip-filters.ts',
        from: `  'locked',\n] as const`,
        to: `  'locked',\n  'new',\n] as const`,
      },
    ],
    ['src/domain/skip-filters.ts'],
  ],
  [
    'a refusal has no words',
    [
      {
        file: 'domain/refusal.ts',
        from: `| { readonly kind: 'guest' }`,
        to: `| { readonly kind: 'guest' | 'new' }`,
      },
    ],
    ['src/domain/refusal.ts', 'src/slack/blocks/refusals.ts'],
  ],
  [
    'a status has no edges, buttons, headline or answer to a late click',
    [{ file: 'domain/batch.ts', from: `  'previewed', //`, to: `  'new',\n  'previewed', //` }],
    [
      'src/domain/batch.ts',
      'src/engine/decide/decide.ts',
      'src/slack/blocks/progress.ts',
      'src/slack/thread/views.ts',
      'src/views/account.ts',
    ],
  ],
  [
    'an action has no evidence, line in the thread or place in the figures',
    [{ file: 'domain/audit.ts', from: `  'approved',\n`, to: `  'new',\n  'approved',\n` }],
    [
      'src/domain/audit.ts',
      'src/metrics/metrics.ts',
      'src/slack/blocks/thread-events.ts',
      'src/slack/thread/catch-up.ts',
      'src/slack/thread/requester.ts',
    ],
  ],
  [
    'fields of evidence have other names for those who write and read them',
    [
      { file: 'domain/audit.ts', from: 'putOff: whole', to: 'put_off: whole' },
      { file: 'domain/audit.ts', from: 'project_uuid: z.string', to: 'project: z.string' },
      {
        file: 'domain/audit.ts',
        from: 'after_days: z.number(),\n    channel_id: z.',
        to: 'after_days: z.number(),\n    channel: z.',
      },
    ],
    [
      'src/engine/run/chunks.ts',
      'src/engine/upkeep/prune.ts',
      'src/slack/blocks/thread-events.ts',
      'src/slack/thread/chunk-steps.ts',
      'src/store/history.ts',
      'src/store/outcomes.ts',
      'src/store/settled-rows.ts',
    ],
  ],
  [
    'fields that SQL reads by name are called otherwise',
    [
      { file: 'domain/audit.ts', from: 'string(), position: whole', to: 'string(), place: whole' },
      {
        file: 'domain/audit.ts',
        from: `rule: z.literal('canary'),\n      vendor_id: whole`,
        to: `rule: z.literal('canary'),\n      vendor: whole`,
      },
    ],
    ['src/store/audit.ts', 'src/store/holds.ts', 'src/store/outcomes.ts', 'src/store/settled-rows.ts'],
  ],
])('where %s, the check names who must learn it', async (_, edits, files) => {
  expect(await faultsWith(edits)).toEqual(expect.arrayContaining(files));
});
