// README and pages make promises to the on-call engineer and to whoever runs the bot; what can be compared with the code is
// compared here, on the page where it stands.
import { existsSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { dirname, join, normalize } from 'node:path';
import { CONFIG_VARIABLES, parseConfig } from '../src/config.ts';
import { executionsOf } from '../src/dev/incident/executions.ts';
import { INCIDENT } from '../src/dev/incident/seed.ts';
import { SKIP_FILTERS } from '../src/domain/skip-filters.ts';
import { createMetrics } from '../src/metrics/metrics.ts';
import { SCRIPTS } from '../src/usage.ts';

const README = 'README.md';
const MOST_WORDS = 600;
/** In capitals, and no variables of ours. */
const NO_VARIABLES = ['ONRAMP_ADMIN', 'PROJECT_CREATED', 'WORKFLOW_HISTORY_ACTION_REPLAYED'];

const inDocs = (await readdir('docs')).filter((name) => name.endsWith('.md')).map((name) => `docs/${name}`);
const pages = new Map(
  await Promise.all(
    [README, ...inDocs].map(async (path): Promise<[string, string]> => [path, await readFile(path, 'utf8')]),
  ),
);
const { scripts } = JSON.parse(await readFile('package.json', 'utf8')) as { scripts: Record<string, string> };

/** The page's text. Throws where there is no such page. */
function page(path: string): string {
  const text = pages.get(path);
  if (text === undefined) throw new Error(`there is no page ${path}`);
  return text;
}

/** Every match of `pattern` on every page, with the page. */
function everywhere(pattern: RegExp) {
  return [...pages].flatMap(([path, text]) => [...text.matchAll(pattern)].map((match) => ({ path, match })));
}

/** The anchors of a page's headings, as GitHub makes them. */
function anchorsOf(text: string): string[] {
  return [...text.matchAll(/^#+ (.+)$/gm)].map(([, heading = '']) =>
    heading
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N}_ -]/gu, '')
      .replaceAll(' ', '-'),
  );
}

describe('README and pages', () => {
  test(`the README has ${MOST_WORDS} words at most, tables and commands among them`, () => {
    const words = page(README).split(/\s+/).filter(Boolean);
    expect(words.length).toBeLessThanOrEqual(MOST_WORDS);
  });

  test.each(inDocs)('the README leads to %s, which begins with whom it is for', (path) => {
    expect(page(README)).toContain(`](${path})`);
    expect(page(path)).toMatch(/^# .+\n\nFor (?:whoever|a team) /);
  });

  test('every link of theirs leads to a file that is there, and to a heading that it has', () => {
    const links = everywhere(/\]\(([^)\s]+)\)/g).filter(({ match }) => !/^https?:/.test(match[1] ?? ''));
    expect(links.length).toBeGreaterThan(40);
    const broken = links.filter(({ path, match }) => {
      const [file = '', anchor] = (match[1] ?? '').split('#');
      const target = file === '' ? path : normalize(join(dirname(path), file));
      return !existsSync(target) || (anchor !== undefined && !anchorsOf(page(target)).includes(anchor));
    });
    expect(broken.map(({ path, match }) => `${path}: ${match[1]}`)).toEqual([]);
  });

  test('say nothing twice', () => {
    const seen = new Map<string, string>();
    const twice: string[] = [];
    for (const [path, text] of pages) {
      const prose = text.replaceAll(/\]\([^)]*\)/g, ']').replaceAll(/\s+/g, ' ');
      for (const sentence of prose.split(/(?<=[.:;?]) | \| /)) {
        if (sentence.split(' ').length < 9) continue;
        if (seen.has(sentence)) twice.push(`${seen.get(sentence)} and ${path}: ${sentence}`);
        seen.set(sentence, path);
      }
    }
    expect(twice).toEqual([]);
  });

  test('name no npm script, no word and no option that is not there', () => {
    const named = everywhere(/npm run (?:-s )?([a-z]+(?::[a-z]+)?)(?: -- ([^\n`#>]*))?/g);
    expect(named.length).toBeGreaterThan(30);
    const unknown = named.filter(({ match: [, name = '', words = ''] }) => {
      if (scripts[name] === undefined) return true;
      const script = new Map<string, { verbs: readonly string[] | null; usage: string }>(
        Object.entries(SCRIPTS),
      ).get(name);
      const given = words.split(/[\s[\]]+/).filter(Boolean);
      if (script === undefined) return given.length > 0;
      const options = given.filter((word) => word.startsWith('--') && word !== '--help');
      const [verb] = given.filter((word) => !word.startsWith('--'));
      const isVerb = script.verbs === null || script.verbs.length === 0 || script.verbs.includes(verb ?? '');
      return options.some((option) => !script.usage.includes(option)) || (verb !== undefined && !isVerb);
    });
    expect(unknown.map(({ path, match }) => `${path}: ${match[0]}`)).toEqual([]);
  });

  test('name no variable that the bot does not read', () => {
    const named = everywhere(/\b[A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+\b/g).filter(
      ({ match: [name] }) => !NO_VARIABLES.includes(name),
    );
    expect(named.length).toBeGreaterThan(CONFIG_VARIABLES.length);
    const unknown = named.filter(({ match: [name] }) => !CONFIG_VARIABLES.includes(name));
    expect(unknown.map(({ path, match }) => `${path}: ${match[0]}`)).toEqual([]);
  });
});

describe('skip reasons', () => {
  test.each(SKIP_FILTERS)('the README says what to do about $reason, in the words of the code', (filter) => {
    expect(page(README)).toContain(`| \`${filter.reason}\` | ${filter.remedy} |`);
  });

  test.each(SKIP_FILTERS)('the page for the one on call says what $reason means', (filter) => {
    const { number, reason, because } = filter;
    expect(page('docs/on-call.md')).toContain(`| ${number} | \`${reason}\` | ${because} |`);
  });
});

describe('what the page for the one on call tells of the demo', () => {
  test('is what the seeded incident has, as its page and its dry run count it', () => {
    const failed = executionsOf().executions.filter((row) => row.status_code === 'ERROR');
    const since = failed.filter((row) => Date.parse(String(row.created_at)) >= Date.parse(INCIDENT.since));
    const within = since.filter((row) => Date.parse(String(row.created_at)) < Date.parse(INCIDENT.until));
    expect(since.every((row) => String(row.created_at).startsWith('2026-05-11'))).toBe(true);
    const figures = everywhere(/(\d[\d,]*) failed executions in its two hours, (\d[\d,]*) by/g);
    expect(figures.map(({ path, match: [, ...counts] }) => [path, ...counts.map(Number)])).toEqual([
      ['docs/on-call.md', within.length, since.length],
    ]);
    expect(page('docs/on-call.md')).toContain(
      `since=${INCIDENT.since} until=${INCIDENT.until} error=new_task\`, which matches ${within.length}`,
    );
  });
});

describe('the page for whoever runs the bot', () => {
  const rows = [
    ...page('docs/operating.md').matchAll(/^\| (`[A-Z_]+`(?:, `[A-Z_]+`)*) \| (.*?) \| .* \|$/gm),
  ];
  const described = rows.flatMap(([, names = '', defaults = '']) =>
    names.split(', ').map((name, at, all): [string, string] => {
      const each = defaults.split(', ');
      const own = each.length === all.length ? each[at] : each[0];
      return [name.replaceAll('`', ''), own ?? ''];
    }),
  );

  test('describes every variable, once', () => {
    expect(described.map(([name]) => name).sort()).toEqual([...CONFIG_VARIABLES].sort());
  });

  const parsed = parseConfig({
    DATABASE_URL: 'postgres://bot@db.example.com/onramp',
    SLACK_BOT_TOKEN: 'xoxb-1',
    SLACK_SIGNING_SECRET: 'secret',
  });
  const defaults = new Map<string, unknown>(parsed.kind === 'config' ? Object.entries(parsed.config) : []);

  test.each(described.filter(([, own]) => !own.startsWith('required')))(
    'says of %s what it is where nothing is said',
    (name, own) => {
      const value = /^`([^`]+)`$/.exec(own)?.[1];
      // Another variable's, or a word for what there is then.
      const isNone = value === undefined || CONFIG_VARIABLES.includes(value);
      expect(String(defaults.get(name) ?? '')).toBe(isNone ? '' : value);
    },
  );

  test('lists every metric of the bot’s own, and none that it has not', async () => {
    const { text } = await createMetrics(() => Promise.reject(new Error('no database'))).scrape();
    const own = [...text.matchAll(/^# TYPE (retry_batch_\w+)/gm)].map(([, name]) => name);
    const told = [...page('docs/operating.md').matchAll(/`(retry_batch_\w+)(?:\{[a-z,]+\})?`/g)]
      .map(([, name = '']) => name)
      .filter((name) => name !== 'retry_batch_queue');
    expect(told.sort()).toEqual(own.sort());
  });
});

test('the page on security names no test that is not there', () => {
  const named = [...page('docs/security.md').matchAll(/`(test\/[\w/-]+)`/g)].map((match) => match[1] ?? '');
  expect(named.length).toBeGreaterThan(15);
  const there = (path: string) => [path, `${path}.test.ts`].some((one) => existsSync(one));
  expect(named.filter((path) => !there(path))).toEqual([]);
});

describe('the page for whoever changes the code', () => {
  // Its folders: architecture.test.ts.
  test('has every file at the top of src/', async () => {
    const files = (await readdir('src', { withFileTypes: true })).filter((one) => one.isFile());
    const map = page('docs/design.md');
    expect(files.filter(({ name }) => !map.includes(name))).toEqual([]);
  });

  test.each(['chaos', 'chaos-endpoint'])(
    'tells how many rounds the campaign had that is kept: %s',
    async (name) => {
      const { rounds } = JSON.parse(await readFile(`docs/${name}.json`, 'utf8')) as { rounds: number };
      expect(page('docs/design.md')).toContain(`(${name}.json) is a campaign of ${rounds} rounds`);
    },
  );
});
