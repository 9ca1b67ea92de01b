// What every script of package.json answers to a call for help, and to a word that it doesn't know: neither needs anything,
// and neither does anything else.
import { readFile } from 'node:fs/promises';
import { SCRIPTS } from '../../src/usage.ts';
import { loadedBy } from '../support/loaded.ts';
import { runScript } from '../support/script.ts';

const NAMES = Object.keys(SCRIPTS) as (keyof typeof SCRIPTS)[];

it('is known of every script that runs a program of ours', async () => {
  const { scripts } = JSON.parse(await readFile('package.json', 'utf8')) as {
    scripts: Record<string, string>;
  };
  const programs = Object.entries(scripts).filter(([, script]) => /^exec node /.test(script));
  expect(Object.fromEntries(programs.map(([name, script]) => [name, script.split(' ').at(-1)]))).toEqual(
    Object.fromEntries(Object.entries(SCRIPTS).map(([name, { file }]) => [name, file])),
  );
});

it.each(NAMES)('npm run %s -- --help prints the help, loads nothing for it and ends with 0', async (name) => {
  const { own, packages, ...ran } = await loadedBy(name, ['--help'], {});
  expect(ran).toEqual({ code: 0, out: `${SCRIPTS[name].usage}\n`, err: '' });
  expect(packages).toEqual([]);
  expect([...own].sort()).toEqual([
    'src/command-line.ts',
    'src/domain/nearest.ts',
    'src/first.cjs',
    'src/text/visible.ts',
    'src/usage.ts',
  ]);
});

it.each([[['-h']], [['help']], [['list', '--help']], [['export', 'abc', '-h', '--json']]])(
  'asked for as %j it is the same',
  async (words) => {
    expect(await runScript('batches', words, {})).toEqual({
      code: 0,
      out: `${SCRIPTS.batches.usage}\n`,
      err: '',
    });
  },
);

it.each([
  ['batches', ['shwo', 'abc'], 'batches: there is no shwo. Did you mean show?'],
  ['batches', ['export', 'abc', '--outptu=x'], 'batches: there is no --outptu. Did you mean --output?'],
  ['identity', ['mpa'], 'identity: there is no mpa. Did you mean map?'],
  ['halt', ['onn'], 'halt: there is no onn. Did you mean on?'],
  ['notifications', ['redelivr', 'all'], 'notifications: there is no redelivr. Did you mean redeliver?'],
  ['advise', ['--sinec', 'x'], 'advise: there is no --sinec. Did you mean --since?'],
  ['demo', ['fresh'], 'demo: there is no fresh. Did you mean --fresh?'],
  ['demo', ['--port', 'many'], 'demo: --port takes a number from 1 to 65535'],
  ['guards', ['brkae'], 'guards: there is no brkae. Did you mean brake?'],
  ['chaos', ['--round5'], 'chaos: there is no --round5. Did you mean --rounds?'],
  ['bench', ['--fulll'], 'bench: there is no --fulll. Did you mean --full?'],
  ['screenshots', ['all'], 'screenshots: there is no all.'],
  ['start', ['--port=3000'], 'start: there is no --port.'],
  ['start', ['\u001b[2Jsilently'], 'start: there is no \\u{1b}[2Jsilently.'],
] as const)('npm run %s -- %j is refused with the nearest word, and the help', async (name, words, said) => {
  const { code, out, err } = await runScript(name, words, {});
  expect({ code, out }).toEqual({ code: 64, out: '' });
  expect(err).toBe(`${said}\n\n${SCRIPTS[name].usage}\n`);
});

/** Whether a package is the bot's alone, and takes its time to load. */
const isOfTheBot = (name: string) =>
  /^(pg-boss|@slack\/.*|express|undici|nodemailer|prom-client)$/.test(name);

/** Nobody listens there. */
const NOWHERE = { DATABASE_URL: 'postgres://nobody@127.0.0.1:9/nowhere' };

it.each([
  ['identity', ['list']],
  ['halt', []],
  ['notifications', ['parked']],
  ['batches', ['list']],
  ['advise', []],
] as const)('npm run %s loads neither queue nor Slack for what needs none', async (name, words) => {
  const { code, packages } = await loadedBy(name, words, NOWHERE);
  expect(code).toBe(69);
  expect(packages.filter((one) => /^(pg-boss|@slack\/|express|undici|nodemailer|pino)/.test(one))).toEqual(
    [],
  );
});

it('npm start tells mistakes in the configuration without queue and Slack', async () => {
  const { code, packages } = await loadedBy('start', [], {});
  expect(code).toBe(78);
  expect(packages.filter(isOfTheBot)).toEqual([]);
});
