// The house keeps its shape: who may import whom, and how large a file may get.
import { readdir, readFile } from 'node:fs/promises';
import { dirname, join, normalize, relative } from 'node:path';

const ENGINE = ['domain', 'postgres', 'store', 'engine', 'text'];
const ADAPTERS = ['replay', 'notify', 'queue', 'sentry', 'slack', 'http', 'metrics'];

/** What comes before everything else in a process. */
const OF_A_PROCESS = ['environment.ts', 'first.cjs', 'command-line.ts'];

/** What each part of src/ may import of the others; its own folder and npm packages go without saying. */
const MAY_IMPORT: Readonly<Record<string, readonly string[]>> = {
  domain: [],
  postgres: [],
  text: ['domain'],
  store: ['domain', 'postgres'],
  engine: ['domain', 'postgres', 'store'],
  ...Object.fromEntries(ADAPTERS.map((adapter) => [adapter, ENGINE])),
  // What a batch says, for those who show it outside of Slack.
  views: [...ENGINE, 'slack'],
  http: [...ENGINE, 'slack', 'views'],
  metrics: [...ENGINE, 'log.ts'],
  'config-urls.ts': [],
  'config-sign-in.ts': ['config-urls.ts'],
  'config.ts': ['config-urls.ts', 'config-sign-in.ts', 'postgres'],
  'environment.ts': [],
  'command-line.ts': ['domain', 'text', 'usage.ts'],
  'usage.ts': [],
  'log.ts': [],
  'settings.ts': ['engine', 'http', 'notify', 'replay', 'sentry', 'config.ts', 'config-sign-in.ts'],
  'pools.ts': ['postgres', 'store', 'config.ts', 'log.ts'],
  'readiness.ts': ['engine', 'http', 'postgres', 'queue', 'slack', 'store'],
  'web.ts': [
    ...['config.ts', 'log.ts', 'pools.ts', 'readiness.ts', 'settings.ts'],
    ...['http', 'metrics', 'queue', 'slack', 'store'],
  ],
  'app.ts': ['config.ts', 'log.ts', 'pools.ts', 'settings.ts', 'web.ts', ...ENGINE, ...ADAPTERS],
  'proxy.ts': [],
  'main.ts': [
    'app.ts',
    'config.ts',
    'settings.ts',
    'log.ts',
    'queue',
    'postgres',
    'store',
    ...OF_A_PROCESS,
    'proxy.ts',
  ],
  commands: ['queue', 'slack', 'views', ...OF_A_PROCESS, ...ENGINE],
  dev: ['app.ts', 'config.ts', 'log.ts', 'commands', 'command-line.ts', 'usage.ts', ...ENGINE, ...ADAPTERS],
};

const PURE_PACKAGES = ['zod', 'date-fns'];

type Import = {
  readonly file: string;
  readonly part: string;
  readonly of: string;
  readonly target: string | null;
};

async function imports(): Promise<Import[]> {
  const files = (await readdir('src', { recursive: true })).filter((file) => file.endsWith('.ts'));
  const found = await Promise.all(
    files.map(async (file) => importsOf(file, await readFile(join('src', file), 'utf8'))),
  );
  return found.flat();
}

function importsOf(file: string, text: string): Import[] {
  const specifiers = [...text.matchAll(/(?:from|import)\s*\(?\s*'([^']+)'/g)].map((match) => match[1] ?? '');
  return specifiers.map((of) => {
    const target = of.startsWith('.') ? normalize(join(dirname(file), of)) : null;
    return { file, part: partOf(file), of, target };
  });
}

/** The package of `date-fns/addHours` is date-fns. */
function packageOf(specifier: string): string {
  return specifier.split('/', specifier.startsWith('@') ? 2 : 1).join('/');
}

function partOf(file: string): string {
  return file.split('/')[0] ?? file;
}

/** The way from a file back to itself, if there is one. */
function circleFrom(start: string, of: ReadonlyMap<string, readonly string[]>): string[] {
  const seen = new Set<string>();
  const ways = [[start]];
  for (let way = ways.pop(); way !== undefined; way = ways.pop()) {
    for (const next of of.get(way.at(-1) ?? '') ?? []) {
      if (next === start) return [[...way, start].join(' → ')];
      if (!seen.has(next)) ways.push([...way, next]);
      seen.add(next);
    }
  }
  return [];
}

describe('the dependency rule', () => {
  it('lets each part import only what stands below it', async () => {
    const wrong = (await imports()).filter(({ part, target }) => {
      if (target === null || partOf(target) === part) return false;
      return !MAY_IMPORT[part]?.includes(partOf(target));
    });
    expect(wrong.map(({ file, of }) => `${file} imports ${of}`)).toEqual([]);
  });

  it('has no circles: whoever reads a file can read what it stands on first', async () => {
    const of = new Map<string, string[]>();
    for (const { file, target } of await imports())
      if (target !== null) of.set(file, [...(of.get(file) ?? []), target]);
    expect([...of.keys()].flatMap((file) => circleFrom(file, of))).toEqual([]);
  });

  it('keeps the domain pure: zod and date-fns, no input, no output', async () => {
    const wrong = (await imports()).filter(
      ({ part, target, of }) =>
        part === 'domain' && target === null && !PURE_PACKAGES.includes(packageOf(of)),
    );
    expect(wrong.map(({ file, of }) => `${file} imports ${of}`)).toEqual([]);
  });

  it('takes of date-fns what it needs, and never all of it: that took a command seconds to start', async () => {
    const whole = (await imports()).filter(({ of }) => of === 'date-fns');
    expect(whole.map(({ file }) => file)).toEqual([]);
  });

  it('keeps Bolt and the Web API client out of the blocks', async () => {
    const wrong = (await imports()).filter(
      ({ file, of }) => /^slack\/(blocks|command)\//.test(file) && /^@slack\/(bolt|web-api)$/.test(of),
    );
    expect(wrong).toEqual([]);
  });

  it("lets commands, views and pages use what blocks are made of, and nothing else of Slack's", async () => {
    const wrong = (await imports()).filter(
      ({ part, target }) =>
        ['commands', 'views', 'http'].includes(part) &&
        target?.startsWith('slack/') &&
        !target.startsWith('slack/blocks/'),
    );
    expect(wrong.map(({ file, of }) => `${file} imports ${of}`)).toEqual([]);
  });

  it('lets nothing outside dev/ import from it, so that production works without it', async () => {
    const wrong = (await imports()).filter(
      ({ part, target }) => part !== 'dev' && target?.startsWith('dev/'),
    );
    expect(wrong).toEqual([]);
  });

  it("keeps the local Slack apart from the bot, so that it can't repeat a mistake", async () => {
    const wrong = (await imports()).filter(
      ({ file, target }) =>
        file.startsWith('dev/slack/') && target !== null && !target.startsWith('dev/slack'),
    );
    expect(wrong).toEqual([]);
  });

  it("keeps the application's stand-in apart from the bot, so that it is written from the runbook alone", async () => {
    const wrong = (await imports()).filter(
      ({ file, target }) =>
        file.startsWith('dev/application/') && target !== null && !target.startsWith('dev/application/'),
    );
    expect(wrong.map(({ file, of }) => `${file} imports ${of}`)).toEqual([]);
  });

  it('needs nothing in production that production does not install', async () => {
    const { dependencies } = JSON.parse(await readFile('package.json', 'utf8')) as { dependencies: object };
    const allowed = [...Object.keys(dependencies), '@slack/types'];
    const wrong = (await imports()).filter(({ part, target, of }) => {
      return part !== 'dev' && target === null && !of.startsWith('node:') && !allowed.includes(packageOf(of));
    });
    expect(wrong.map(({ file, of }) => `${file} imports ${of}`)).toEqual([]);
  });
});

describe('the map of docs/design.md', () => {
  it('has every room of src/, and none that is not there', async () => {
    const folders = (await readdir('src', { recursive: true, withFileTypes: true }))
      .filter((one) => one.isDirectory())
      .map((one) => relative('src', join(one.parentPath, one.name)));
    const mapped = roomsOf(await readFile('docs/design.md', 'utf8'));
    const there = folders.filter((folder) => folder.split('/').length <= 2);
    expect(there.filter((room) => !mapped.includes(room))).toEqual([]);
    // Of a room's room it may tell, too.
    const known = (room: string) => folders.some((one) => one === room || isWithin(one, room));
    expect(mapped.filter((room) => !known(room))).toEqual([]);
  });
});

/** The folders that the map names, `room/` and `room/room/`: a room's line begins at six spaces, and what follows is of it. */
function roomsOf(page: string): string[] {
  const map = page.slice(page.indexOf('    src/\n'), page.indexOf('    test/ '));
  const rooms = map.split(/^ {6}(?=[a-z-]+\/)/m).slice(1);
  return rooms.flatMap((room) => {
    const [top = '', ...within] = [...room.matchAll(/(?<![\w./-])([a-z-]+)\//g)].map(([, name = '']) => name);
    return [top, ...within.map((name) => `${top}/${name}`)];
  });
}

/** Whether a folder is called so and is somewhere below the same room. */
function isWithin(folder: string, room: string): boolean {
  const [top = '', name = ''] = room.split('/');
  return folder.startsWith(`${top}/`) && folder.endsWith(`/${name}`);
}

describe('the size of a file', () => {
  it.each([
    ['src', 250],
    ['test', 300],
  ])('of %s stays below %i lines, so that a file is one noun or one verb', async (folder, most) => {
    const files = (await readdir(folder, { recursive: true })).filter((file) => file.endsWith('.ts'));
    const lengths = await Promise.all(
      files.map(async (file) => ({
        file,
        lines: (await readFile(join(folder, file), 'utf8')).split('\n').length,
      })),
    );
    expect(lengths.filter(({ lines }) => lines > most + 1)).toEqual([]);
  });
});

describe('what an exported function throws', () => {
  it('is in its docstring, in the rooms where whoever calls has to know what is rolled back', async () => {
    const files = (await readdir('src', { recursive: true })).filter((file) =>
      /^(engine|store|replay|postgres)\/.*\.ts$/.test(file),
    );
    const silent = await Promise.all(
      files.map(async (file) =>
        silentOf(await readFile(join('src', file), 'utf8')).map((name) => `${file} ${name}`),
      ),
    );
    expect(silent.flat()).toEqual([]);
  });
});

/** Exported async functions whose docstring has no word of throwing; of an overloaded one the first head counts. */
function silentOf(text: string): string[] {
  const said = new Map<string, boolean>();
  for (const { 1: name = '', index } of text.matchAll(/^export async function (\w+)/gm)) {
    const doc = /\/\*\*(?:(?!\*\/).)*\*\/\s*$/s.exec(text.slice(0, index))?.[0] ?? '';
    if (!said.has(name)) said.set(name, /\bthrows\b/i.test(doc));
  }
  return [...said].flatMap(([name, says]) => (says ? [] : [name]));
}
