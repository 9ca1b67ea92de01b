// The runbook's curl command, pasted as it is: its JSON body is the request. Must never repeat what its headers and its
// cookie say, and where it is not sure of the body it says what to paste.
import type { Reading } from './given.ts';
import { BROKEN, readJsonBody } from './json-body.ts';
import { shorten } from './problem.ts';
import { type ShellWord, shellWords } from './shell-words.ts';

type Given = Extract<Reading, { kind: 'given' }>;

const START = /^(?:[$%#>]\s*)?(?:sudo\s+)?(?:\S*\/)?curl(?:\.exe)?(?=\s|$)/i;

const DATA = ['-d', '--data', '--data-raw', '--data-binary', '--data-ascii', '--json'];
/** They make a body that is no JSON, or one that stands elsewhere. */
const OTHER_BODIES = [
  '--data-urlencode',
  '-F',
  '--form',
  '--form-string',
  '-T',
  '--upload-file',
  '-K',
  '--config',
];
/** Options with a value of their own, which is not looked at. */
const WITH_VALUE = new Set([
  ...[
    '-X',
    '--request',
    '-b',
    '--cookie',
    '-H',
    '--header',
    '-A',
    '--user-agent',
    '-e',
    '--referer',
    '--url',
  ],
  ...[
    '-u',
    '--user',
    '-o',
    '--output',
    '-m',
    '--max-time',
    '--connect-timeout',
    '-x',
    '--proxy',
    '-w',
    '--write-out',
  ],
  ...[
    '-c',
    '--cookie-jar',
    '--retry',
    '--retry-delay',
    '--retry-max-time',
    '--cacert',
    '--capath',
    '-E',
    '--cert',
  ],
  ...[
    '--key',
    '--resolve',
    '-r',
    '--range',
    '--noproxy',
    '--interface',
    '-D',
    '--dump-header',
    '--oauth2-bearer',
  ],
]);

const HOW = 'paste the JSON body alone, what stands between the quotes after -d: {"since": "…", …}';
const NOTE =
  'read from a curl command: only its JSON body counts here, not its address, cookie and headers; leave a cookie or key out next time';

/** Whether the text is a curl command. */
export function isCurlCommand(text: string): boolean {
  return START.test(text);
}

/** Reads the body of the command as `readJsonBody` does; a second one, or none, is a mistake that says what to paste. */
export function readCurl(text: string): Given {
  const { kind, words } = shellWords(text.replace(START, ''));
  const { bodies, problem: wrong } = bodiesOf(words);
  const [body] = bodies;
  const why =
    kind === 'unclosed'
      ? 'has a quote that is never closed'
      : (wrong ?? (bodies.length > 1 ? 'has more than one body' : whyNoBody(body)));
  // Where it is not sure, what looks like a body is good for the correction alone.
  const found = isObject(body) ? body : text.slice(Math.max(0, text.indexOf('{')));
  const read = isObject(found) ? readJsonBody(found.trim()) : NOTHING;
  if (read.kind === 'help') return NOTHING;
  const broken = read.problems.includes(BROKEN) ? 'has a body that is no JSON' : null;
  if (why === null && broken === null) return { ...read, notes: [...read.notes, NOTE] };
  const problem = { field: null, message: `The curl command ${why ?? broken}; ${HOW}` };
  if (why === null) return { ...read, problems: [problem, ...read.problems.filter((one) => one !== BROKEN)] };
  return { ...NOTHING, given: read.given, left: ['the-rest'], problems: [problem] };
}

const NOTHING: Given = { kind: 'given', given: [], problems: [], loose: [], left: [], notes: [] };

function whyNoBody(body: string | undefined): string | null {
  if (body === undefined) return 'has no JSON body';
  if (body.startsWith('@')) return 'reads its body from a file, which is not here';
  return isObject(body) ? null : 'has a body that is no JSON object';
}

function isObject(body: string | undefined): body is string {
  return body?.trimStart().startsWith('{') === true;
}

/** The bodies that the command sends, and what else is wrong with it. Only names of options are ever repeated. */
function bodiesOf(words: readonly ShellWord[]): { bodies: string[]; problem: string | undefined } {
  const bodies: string[] = [];
  for (let at = 0; at < words.length; at += 1) {
    const word = words[at];
    if (word === undefined) break;
    if (word.bare && /^(?:\||\d?>)/.test(word.text)) break;
    if (word.bare && /^(?:;|&&?)/.test(word.text) && words.length > at + 1)
      return { bodies, problem: SEVERAL };
    if (word.bare && START.test(word.text)) return { bodies, problem: SEVERAL };
    const option = optionOf(word.text);
    if (option === undefined) continue;
    const { name, attached } = option;
    if (OTHER_BODIES.includes(name)) return { bodies, problem: `sends its body with ${shorten(name)}` };
    if (!DATA.includes(name) && !WITH_VALUE.has(name)) continue;
    if (attached === null) at += 1;
    const value = attached ?? words[at]?.text;
    if (DATA.includes(name) && value !== undefined) bodies.push(value);
  }
  return { bodies, problem: undefined };
}

const SEVERAL = 'is followed by another command';

/** `-d`, `-d'…'`, `-sXPOST`, `--data`, `--data='…'`; a Mac makes one long dash of two. */
function optionOf(word: string): { readonly name: string; readonly attached: string | null } | undefined {
  const long = /^(?:--|[–—―])([a-z][a-z0-9-]+)(?:=([\s\S]*))?$/i.exec(word);
  if (long !== null) return { name: `--${long[1]?.toLowerCase()}`, attached: long[2] ?? null };
  const short = /^[-–—―]([A-Za-z#0-9]+)([\s\S]*)$/.exec(word);
  if (short === null) return undefined;
  const letters = word.slice(1);
  // Flags may be written together, and the first that has a value takes the rest for it.
  for (let at = 0; at < letters.length; at += 1) {
    const name = `-${letters[at]}`;
    if (!DATA.includes(name) && !OTHER_BODIES.includes(name) && !WITH_VALUE.has(name)) continue;
    const rest = letters.slice(at + 1);
    return { name, attached: rest === '' ? null : rest };
  }
  return { name: `-${letters}`, attached: null };
}
