// Masks what looks like a secret or a person's e-mail address in text that others will read. It must rather mask too much
// than too little, and costs time by the text's length, whatever the text: others write it.
import { SHAPES } from './secret-shapes.ts';

const MASKED = '[masked]';

/** In English and in the languages that customers' systems speak. */
const NAMES = [
  'pass(?:word|wd|phrase|code)?|pwd|secret|token|api[ _-]?key|access[ _-]?key|private[ _-]?key|signing[ _-]?key',
  'auth(?:orization)?|credentials?|session(?:[ _-]?id)?|signature|otp|pin[ _-]?code|client[ _-]?key|connection[ _-]?string',
  'passwort|kennwort|geheimnis|schlüssel|mot de passe|mdp|jeton|contraseña|clave|senha|palavra-passe|parola|wachtwoord',
  'lösenord|lösen|adgangskode|passord|salasana|hasło|heslo|jelszó|şifre|пароль|ключ|секрет|密码|密碼|口令|パスワード|暗証番号|비밀번호|암호',
].join('|');

/** What programs say about a secret without telling it: `token: expired`. */
const NOT_A_SECRET =
  '(?:missing|invalid|expired|revoked|required|unknown|none|null|undefined|true|false|not|is|was|has|the|no|cannot|empty)\\b';

/** `password=…`, `"token": "…"`: a name, how it is tied to its value, and the value, in quotes or up to what ends one. */
const NAMED = new RegExp(
  `((?:${NAMES})\\\\?["']?\\s{0,3}(?:=>|:=|[:=：＝])\\s{0,3})(?!\\[masked\\]|${NOT_A_SECRET}|(?:bearer|basic)\\s{1,3}\\[masked)(?:\\\\?"[^"]*(?:"|$)|\\\\?'[^']*(?:'|$)|[^\\s"'\\\\,;&)}\\]]+)`,
  'giu',
);

/** All of a `Cookie:` header's cookies, and what a `Set-Cookie:` sets. */
const COOKIES =
  /(\bcookies?["']?\s{0,3}[:=]\s{0,3})(?!\[masked\])(["']?)[^\s;="']+(?:=[^\s;"']*(?:;\s{0,3}[^\s;="']+=?[^\s;"']*)*)?/gi;

const KEY_BLOCK =
  /-----BEGIN [A-Z0-9 ]{0,40}(?:PRIVATE KEY|PGP MESSAGE)[A-Z ]{0,10}-----.*?(?:-----END [A-Z0-9 ]{0,50}-----|$)/gs;
const BEARER = /\b(bearer)\s{1,3}(?!(?:tokens?|auth\w{0,20}|scheme|header|is|was|not)\b)[\w.~+/=-]{6,}/gi;
const BASIC = /\b([Bb]asic)\s{1,3}(?=[a-z]{0,200}[A-Z0-9+/=])[A-Za-z0-9+/=_-]{6,}/g;

/** The text with e-mail addresses as `j•••@acme.com` and everything that looks like a secret as `[masked]`. */
export function maskSecrets(text: string): string {
  let masked = text.replace(KEY_BLOCK, MASKED);
  masked = maskUserinfo(masked);
  masked = masked.replace(/[\w.-]{12,}/g, maskJwt);
  masked = masked.replace(BEARER, `$1 ${MASKED}`).replace(BASIC, `$1 ${MASKED}`);
  for (const shape of SHAPES) masked = shape(masked);
  masked = masked.replace(COOKIES, `$1$2${MASKED}`).replace(NAMED, `$1${MASKED}`);
  masked = maskAddresses(masked);
  return masked.replace(/[\w+=-]{32,}/g, (run) => (looksRandom(run) ? MASKED : run));
}

/** In a run of what tokens are made of: from the first `eyJ` that begins a word, where two parts or more follow. */
function maskJwt(run: string): string {
  const at = run.search(/\beyJ/);
  if (at < 0) return run;
  const parts = run.slice(at).split('.');
  const isToken = parts.length > 1 && (parts[0] ?? '').length >= 9 && (parts[1] ?? '').length >= 4;
  return isToken ? run.slice(0, at) + MASKED : run;
}

const SPACE = /\s/g;

/** scheme://user:password@host, also where the password has a slash or an @ of its own. */
function maskUserinfo(text: string): string {
  let masked = '';
  let from = 0;
  let token = { end: 0, lastAt: -1 };
  for (let at = text.indexOf('://'); at >= 0; at = text.indexOf('://', at + 3)) {
    const start = at + 3;
    if (start < from || !/[a-z0-9+.-]/i.test(text[at - 1] ?? ' ')) continue;
    if (start >= token.end) token = tokenFrom(text, start);
    const { lastAt } = token;
    if (lastAt <= start) continue;
    // A path may have an @, too; a password may have a slash.
    const path = text.indexOf('/', start);
    const colon = text.indexOf(':', start);
    const isUserinfo = path < 0 || lastAt < path || (colon >= 0 && colon < path);
    if (!isUserinfo) continue;
    masked += `${text.slice(from, start)}${MASKED}`;
    from = lastAt;
  }
  return masked + text.slice(from);
}

/** Where the word at `start` ends, and its last @. */
function tokenFrom(text: string, start: number): { end: number; lastAt: number } {
  SPACE.lastIndex = start;
  const end = SPACE.exec(text)?.index ?? text.length;
  const lastAt = text.slice(start, end).lastIndexOf('@');
  return { end, lastAt: lastAt < 0 ? -1 : start + lastAt };
}

const LOCAL = /[\p{L}\p{N}._%+'-]/u;
const DOMAIN = /[\p{L}\p{N}-]{1,63}(?:\.[\p{L}\p{N}-]{1,63}){1,8}/uy;
const MOST_LOCAL = 64;

/** Keeps an address's first letter and its domain: whose it is must not be read, which system's it is may help. */
function maskAddresses(text: string): string {
  let masked = '';
  let from = 0;
  for (const { index: at, 0: sign } of text.matchAll(/@|%40/g)) {
    const domain = domainAt(text, at + sign.length);
    if (domain === '') continue;
    const start = localStart(text, at, from);
    if (start === at) continue;
    const [first = ''] = text.slice(start, at);
    const shown = sign === '@' && /[\p{L}\p{N}]/u.test(first) ? `${first}•••@${domain}` : MASKED;
    masked += text.slice(from, start) + shown;
    from = at + sign.length + domain.length;
  }
  return masked + text.slice(from);
}

function domainAt(text: string, at: number): string {
  DOMAIN.lastIndex = at;
  return DOMAIN.exec(text)?.[0] ?? '';
}

/** Where the part before the @ begins, at most 64 characters back: a word, or anything between double quotes. */
function localStart(text: string, at: number, from: number): number {
  const least = Math.max(from, at - MOST_LOCAL);
  if (text[at - 1] === '"') {
    const quote = text.lastIndexOf('"', at - 2);
    if (quote >= least) return quote;
  }
  let start = at;
  while (start > least && LOCAL.test(text[start - 1] ?? '')) start -= 1;
  return start;
}

const UUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** A key rather than a name: 32 hexadecimal digits, or upper and lower case with several digits among them. */
function looksRandom(run: string): boolean {
  if (UUID.test(run)) return false;
  if (/^[0-9a-f]+$/i.test(run)) return /\d/.test(run) && /[a-f]/i.test(run);
  return /[A-Z]/.test(run) && /[a-z]/.test(run) && run.replace(/\D/g, '').length >= 3;
}
