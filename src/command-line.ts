// What a script of ours was asked for, looked at before anything else of it is loaded: help is printed and nothing more is
// done, and a word that the script doesn't know is refused. Loading this file does both.
import { realpathSync } from 'node:fs';
import { relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { nearest } from './domain/nearest.ts';
import { visible } from './text/visible.ts';
import { SCRIPTS, type Script } from './usage.ts';

/** The exit code of wrong words on the command line. */
export const MISUSE = 64;

type Asked =
  | { readonly kind: 'work' }
  | { readonly kind: 'help' }
  /** The first word that the script doesn't know, and those that it could have been. */
  | { readonly kind: 'unknown'; readonly word: string; readonly known: readonly string[] };

const ROOT = fileURLToPath(new URL('../', import.meta.url));
const started = startedScript(process.argv[1]);

/** The help of the script that this process is; empty where it is none of package.json's. */
export const USAGE = started?.[1].usage ?? '';

if (started !== undefined) {
  const [name, script] = started;
  const asked = whatIsAsked(script, process.argv.slice(2));
  if (asked.kind === 'help') {
    process.stdout.write(`${USAGE}\n`);
    process.exit(0);
  }
  if (asked.kind === 'unknown') misuse(unknownWord(name, asked.word, asked.known));
}

/** Ends the process: says what is wrong with its words, and the help. */
export function misuse(why: string): never {
  process.stderr.write(`${visible(why)}\n\n${USAGE}\n`);
  process.exit(MISUSE);
}

/** That there is no such word, and the one that was probably meant. */
export function unknownWord(name: string, word: string, known: readonly string[]): string {
  const meant = nearest(word, known);
  return `${name}: there is no ${word}.${meant === undefined ? '' : ` Did you mean ${meant}?`}`;
}

function whatIsAsked({ verbs, usage }: Script, words: readonly string[]): Asked {
  const end = words.indexOf('--');
  const before = end < 0 ? words : words.slice(0, end);
  const [first] = words;
  if (first === 'help' || before.some((word) => word === '--help' || word === '-h')) return { kind: 'help' };
  const options = [...new Set(usage.match(/(?<![\w-])--[a-z][a-z-]*/g))];
  const known = [...(verbs ?? []), ...options, '--help'];
  const isUnknown = (word: string) => /^--\w/.test(word) && !options.includes(word.replace(/=.*/s, ''));
  if (first !== undefined && !first.startsWith('-') && verbs?.includes(first) === false)
    return { kind: 'unknown', word: first, known };
  const option = before.find(isUnknown);
  return option === undefined
    ? { kind: 'work' }
    : { kind: 'unknown', word: option.replace(/=.*/s, ''), known };
}

/** The entry whose file Node was started with. */
function startedScript(file: string | undefined): [string, Script] | undefined {
  if (file === undefined) return undefined;
  try {
    const path = relative(ROOT, realpathSync(file));
    return Object.entries<Script>(SCRIPTS).find(([, script]) => script.file === path);
  } catch {
    // Node will say that there is no such file.
    return undefined;
  }
}
