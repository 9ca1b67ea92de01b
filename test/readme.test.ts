// The README makes promises to the on-call engineer; what can be compared with the code is compared here.
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { CONFIG_VARIABLES } from '../src/config.ts';
import { executionsOf } from '../src/dev/incident/executions.ts';
import { INCIDENT } from '../src/dev/incident/seed.ts';
import { SKIP_FILTERS } from '../src/domain/skip-filters.ts';
import { SCRIPTS } from '../src/usage.ts';

const readme = await readFile('README.md', 'utf8');
const { scripts } = JSON.parse(await readFile('package.json', 'utf8')) as { scripts: Record<string, string> };

test.each(SKIP_FILTERS)('tells what $reason means and what to do, in the words of the code', (filter) => {
  const { number, reason, because, remedy } = filter;
  expect(readme).toContain(`| ${number} | \`${reason}\` | ${because} | ${remedy} |`);
});

test.each(CONFIG_VARIABLES)('names the variable %s', (name) => {
  expect(readme).toContain(`\`${name}\``);
});

test('names no npm script that is not there', () => {
  const named = [...readme.matchAll(/npm run ([a-z:]+)/g)].map((match) => match[1] ?? '');
  expect(named.filter((name) => scripts[name] === undefined)).toEqual([]);
});

test('tells of the demo what the seeded incident has, as its page and its dry run count it', () => {
  const failed = executionsOf().executions.filter((row) => row.status_code === 'ERROR');
  const since = failed.filter((row) => Date.parse(String(row.created_at)) >= Date.parse(INCIDENT.since));
  const within = since.filter((row) => Date.parse(String(row.created_at)) < Date.parse(INCIDENT.until));
  expect(since.every((row) => String(row.created_at).startsWith('2026-05-11'))).toBe(true);
  const figures = [...readme.matchAll(/(\d[\d,]*) failed executions in its two hours, (\d[\d,]*) by/g)];
  expect(figures.map(([, ...counts]) => counts.map(Number))).toEqual([[within.length, since.length]]);
  expect(readme).toContain(
    `since=${INCIDENT.since} until=${INCIDENT.until} error=new_task\`, which matches ${within.length}`,
  );
});

test('shows no option that a script does not have', () => {
  const named = [...readme.matchAll(/npm run ([a-z]+) -- [^\n`#]*?(--[a-z-]+)/g)];
  expect(named.length).toBeGreaterThan(3);
  const unknown = named.filter(([, name = '', option = '']) => {
    const script = Object.entries<{ usage: string }>(SCRIPTS).find(([one]) => one === name);
    return script !== undefined && !script[1].usage.includes(option);
  });
  expect(unknown.map(([words]) => words)).toEqual([]);
});

test('shows no picture that is not there', async () => {
  const pictures = [...readme.matchAll(/\]\((docs\/[^)]+)\)/g)].map((match) => match[1] ?? '');
  expect(pictures).not.toEqual([]);
  await Promise.all(pictures.map((path) => readFile(path)));
});

test('the page on security names no test that is not there', async () => {
  const page = await readFile('docs/security.md', 'utf8');
  const named = [...page.matchAll(/`(test\/[\w/-]+)`/g)].map((match) => match[1] ?? '');
  expect(named.length).toBeGreaterThan(15);
  const there = (path: string) => [path, `${path}.test.ts`].some((one) => existsSync(one));
  expect(named.filter((path) => !there(path))).toEqual([]);
});
