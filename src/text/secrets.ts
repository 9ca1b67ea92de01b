// Masks what looks like a secret or a person's e-mail address in text that others will read. It must rather
// mask too much than too little, and every pattern is bounded, so that no text can make it slow.

const MASKED = '[masked]';

const NAME_OF_A_SECRET =
  'pass(?:word|wd|phrase|code)?|pwd|secret|token|api[ _-]?key|access[ _-]?key|private[ _-]?key|signing[ _-]?key|auth(?:orization)?|credentials?|session(?:[ _-]?id)?|cookie|signature|otp';

/** What programs say about a secret without telling it: `token: expired`. */
const NOT_A_SECRET =
  '(?:missing|invalid|expired|revoked|required|unknown|none|null|undefined|true|false|not|is|was|has|the|no|cannot)\\b';

/** In this order: a pattern may count on the ones before it. */
const PATTERNS: readonly (readonly [RegExp, string])[] = [
  [/-----BEGIN [A-Z ]{0,40}PRIVATE KEY-----.*?(?:-----END [A-Z ]{0,40}PRIVATE KEY-----|$)/gs, MASKED],
  // scheme://user:password@host, also where the password has a slash or an @ of its own
  [/(\b[a-z][a-z0-9+.-]{1,20}:\/\/)[^\s/@]{0,200}:[^\s]{1,200}@/gi, `$1${MASKED}@`],
  [/(\b[a-z][a-z0-9+.-]{1,20}:\/\/)[^\s/]{1,200}@/gi, `$1${MASKED}@`],
  [/(hooks\.slack\.com\/(?:services|workflows|triggers)\/)[^\s"'<>]{1,300}/gi, `$1${MASKED}`],
  [/\beyJ[\w-]{6,}\.[\w-]{4,}(?:\.[\w-]*)?/g, MASKED],
  [/\b(bearer)\s+(?!(?:tokens?|auth\w*|scheme|header|is|was|not)\b)[\w.~+/=-]{6,}/gi, `$1 ${MASKED}`],
  [/\b([Bb]asic)\s+(?=[a-z]{0,200}[A-Z0-9+/=])[A-Za-z0-9+/=_-]{6,}/g, `$1 ${MASKED}`],
  [/\b(?:xox[a-z]|xapp|xwfp)-[\w-]{6,}/gi, MASKED],
  [/\b(?:whsec|[sprw]k_(?:live|test)|gh[oprsu]|github_pat|npm|shpat|shpss|dop_v1)_[\w+/=-]{6,}/g, MASKED],
  [/\b(?:sk|glpat|pat|shippo|sq0[a-z]{3})-[\w-]{16,}/g, MASKED],
  [/\b(?:AKIA|ASIA|AROA)[A-Z0-9]{12,}/g, MASKED],
  [
    /\b(?:AIza[\w-]{20,}|ya29\.[\w-]{10,}|SG\.[\w-]{10,}\.[\w-]{10,}|00D[A-Za-z0-9]{12,15}![\w.]{10,})/g,
    MASKED,
  ],
  [
    new RegExp(
      `((?:${NAME_OF_A_SECRET})\\\\?["']?\\s{0,3}(?:=>|:=|[:=])\\s{0,3})(?!\\[masked\\]|${NOT_A_SECRET}|(?:bearer|basic)\\s+\\[masked)(?:\\\\?"[^"]{0,300}(?:"|$)|\\\\?'[^']{0,300}(?:'|$)|[^\\s"'\\\\,;&)}\\]]+)`,
      'gi',
    ),
    `$1${MASKED}`,
  ],
  [/(--?(?:password|token|secret|api-key)\s)\S{1,300}/gi, `$1${MASKED}`],
  [
    /([\p{L}\p{N}])[\p{L}\p{N}._%+'-]{0,63}@([\p{L}\p{N}-]{1,63}(?:\.[\p{L}\p{N}-]{1,63}){1,8})/gu,
    '$1•••@$2',
  ],
  [/[\w.+-]{1,64}%40[\w-]{1,63}(?:\.[\w-]{1,63}){1,8}/g, MASKED],
];

const UUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** The text with e-mail addresses as `j•••@acme.com` and everything that looks like a secret as `[masked]`. */
export function maskSecrets(text: string): string {
  let masked = text;
  for (const [pattern, replacement] of PATTERNS) masked = masked.replace(pattern, replacement);
  return masked.replace(/[\w+=-]{32,}/g, (run) => (looksRandom(run) ? MASKED : run));
}

/** A key rather than a name: 32 hexadecimal digits, or upper and lower case with several digits among them. */
function looksRandom(run: string): boolean {
  if (UUID.test(run)) return false;
  if (/^[0-9a-f]+$/i.test(run)) return /\d/.test(run) && /[a-f]/i.test(run);
  return /[A-Z]/.test(run) && /[a-z]/.test(run) && run.replace(/\D/g, '').length >= 3;
}
