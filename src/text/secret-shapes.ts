// What keys and tokens look like that say what they are: by their beginning, or by a name before them. Gathered from the
// publishers' own pages and from what gitleaks and detect-secrets look for. Each pattern costs time by the text's length:
// nothing in it is repeated inside a repetition, and what is long has nothing to match behind it.

/** Their beginnings name whose they are, and begin nothing else. Behind them so many letters and digits at least. */
const BEGINNINGS: readonly (readonly [beginnings: string, atLeast: number])[] = [
  ['xox[a-z]-|xapp-|xwfp-', 6],
  ['whsec_|(?:sk|pk|rk)_(?:live|test|prod)_', 6],
  ['gh[oprsu]_|github_pat_|gl(?:pat|ptt|dt|rt|cbt|soat|ffct|imt|agent|oas)-|GR1348941', 6],
  ['pypi-|rubygems_|CLOJARS_', 6],
  ['npm_', 30],
  ['shp(?:at|ss|ca|pa)_|shippo_(?:live|test)_|sq0[a-z]{3}-|FLWSECK(?:_TEST)?-', 6],
  ['do[opr]_v1_|pscale_(?:tkn|pw|oauth)_|sb[pk]_|sntry[su]_|glsa_|AGE-SECRET-KEY-1|dt0c01\\.', 8],
  ['NRAK-|NRJS-|NRII-|PMAK-|HRKU-|lin_api_|rdme_|tskey-|xkeysib-|ATATT3|ATCTT3', 8],
  ['AIza|ya29\\.|hv[sbr]\\.|dp\\.(?:pt|st|ct|sa)\\.', 10],
  ['(?:AKIA|ASIA|AROA|ABIA|ACCA|A3T[A-Z0-9])', 12],
];

/** The same of those that begin ordinary words, too: what follows must be no word. */
const BEGINNINGS_OF_WORDS =
  /\b(sk-|pat-|secret_|ops_|hf_|api_org_|dapi|glc_|ntn_|pnu_|pul-|tfp_|ico-|fio-u-|AKC|LTAI|EZ[AT]K|EAAA|sl\.|t1\.|pk\.)([\w+/=.-]{16,})/g;

const MASKED = '[masked]';

/** Puts what stands in the place of every secret of its shape. */
type Shape = (text: string) => string;

/** Digits among the letters, at least one in eight. */
function isNoWord(text: string): boolean {
  return text.replace(/\D/g, '').length * 8 >= text.length && /[A-Za-z]/.test(text);
}

/** In this order; a shape may count on the ones before it. */
export const SHAPES: readonly Shape[] = [
  ...BEGINNINGS.map(([beginnings, atLeast]): Shape => {
    const pattern = new RegExp(`\\b(?:${beginnings})[\\w+/=.-]{${atLeast},}`, 'g');
    return (text) => text.replace(pattern, MASKED);
  }),
  (text) => text.replace(BEGINNINGS_OF_WORDS, (all, _, rest: string) => (isNoWord(rest) ? MASKED : all)),
  // Telegram, Twilio, Mailchimp, Mailgun, SendGrid, Salesforce
  (text) => text.replace(/\b\d{8,10}:AA[\w-]{33}/g, MASKED),
  (text) => text.replace(/\bSK[0-9a-f]{32}\b/g, MASKED),
  (text) => text.replace(/\b[0-9a-f]{32}-us\d{1,2}\b/g, MASKED),
  (text) => text.replace(/\bkey-[0-9a-f]{32}\b/g, MASKED),
  (text) => text.replace(/\bSG\.[\w-]{10,64}\.[\w-]{10,}/g, MASKED),
  (text) => text.replace(/\b00D[A-Za-z0-9]{12,15}![\w.]{10,}/g, MASKED),
  // Microsoft: a client's secret, a signature of shared access, keys of storage and service bus in their connection strings
  (text) => text.replace(/[\w~.-]{3}\dQ~[\w~.-]{31,}/g, MASKED),
  (text) => text.replace(/([?&;]sig=)[\w%+/=-]{10,}/gi, `$1${MASKED}`),
  (text) =>
    text.replace(/\b((?:Account|SharedAccess|Access|Primary|Secondary)Key=)[^\s;"']{6,}/gi, `$1${MASKED}`),
  (text) => text.replace(/\b[A-Za-z0-9+/]{86}==/g, MASKED),
  // Addresses that are a secret themselves
  (text) => text.replace(/(hooks\.slack\.com\/(?:services|workflows|triggers)\/)[^\s"'<>]+/gi, `$1${MASKED}`),
  (text) => text.replace(/(discord(?:app)?\.com\/api\/webhooks\/)[^\s"'<>]+/gi, `$1${MASKED}`),
  (text) => text.replace(/(\.webhook\.office\.com\/webhookb2\/)[^\s"'<>]+/gi, `$1${MASKED}`),
  // curl -u user:password
  (text) =>
    text.replace(
      /(^|\s)(-u|-U|--user|--proxy-user)([ =]?["']?)[^\s:"']+:(?!\/\/)[^\s"']+/g,
      `$1$2$3${MASKED}`,
    ),
  (text) =>
    text.replace(
      /(--?(?:password|passwd|pass|token|secret|api-key|apikey)[ =])["']?[^\s"']+/gi,
      `$1${MASKED}`,
    ),
];
