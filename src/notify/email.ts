// Sends one e-mail once, over the operator's SMTP server. Never lets data become a header or a second
// recipient, and never puts the server's words or the password into its result.
import { createTransport } from 'nodemailer';
import { oneLine } from '../text/one-line.ts';
import { assertDeliveryId, type DeliveryResult, giveUp, retryLater } from './delivery.ts';
import { errorCode } from './error-code.ts';

/** One e-mail. `id` is the same on every try and makes the Message-ID. */
export type EmailInput = {
  readonly id: string;
  readonly to: string;
  readonly subject: string;
  readonly text: string;
};

/** Sends e-mails while `configured`; otherwise every one fails for good, and says what to set. */
export type Mailer = {
  readonly configured: boolean;
  send(input: EmailInput): Promise<DeliveryResult>;
  close(): void;
};

/** How patient the mailer is. */
export type MailerOptions = {
  /** Lets the password go over a connection that nobody encrypts, also to other hosts than this one. */
  readonly allowPlain?: boolean;
  /** For the connection, the greeting, and each silence after it; default 10 s. */
  readonly timeoutMs?: number;
};

const DEFAULT_TIMEOUT_MS = 10_000;
/** Stricter than RFC 5322: no quoted part, no list, no display name; these are where parsers disagree. */
const ADDRESS = /^[^\s\p{Cc}@<>()[\]\\,;:"]+@([^\s\p{Cc}@<>()[\]\\,;:"]+)$/u;

/** A mailer for `SMTP_URL` and `MAIL_FROM`; null means that the variable is unset. */
export function createMailer(
  smtpUrl: string | null,
  from: string | null,
  options: MailerOptions = {},
): Mailer {
  if (smtpUrl === null)
    return unconfigured('SMTP_URL is not set: set it to send e-mails, then retry this one.');
  if (!isSmtpUrl(smtpUrl)) return unconfigured('SMTP_URL is not an smtp:// or smtps:// url: correct it.');
  const sender = from === null ? null : readSender(from);
  if (sender === null) {
    return unconfigured('MAIL_FROM is not set to an e-mail address: set it, then retry this one.');
  }
  const timeout = options.timeoutMs ?? DEFAULT_TIMEOUT_MS;
  const transport = createTransport({
    ...encrypted(new URL(smtpUrl), options.allowPlain === true),
    connectionTimeout: timeout,
    greetingTimeout: timeout,
    socketTimeout: timeout,
    dnsTimeout: timeout,
  });
  return {
    configured: true,
    send: async (input) => {
      assertDeliveryId(input.id);
      if (!ADDRESS.test(input.to)) return giveUp('notify_email is not one plain e-mail address: correct it.');
      try {
        const { response } = await transport.sendMail({
          from: sender.mailbox,
          // An object is taken as it is; a string would be parsed, and could name several people.
          to: { name: '', address: input.to },
          subject: oneLine(input.subject),
          text: input.text,
          messageId: `<${input.id}@${sender.domain}>`,
          headers: { 'Auto-Submitted': 'auto-generated' },
          disableFileAccess: true,
          disableUrlAccess: true,
        });
        return { kind: 'delivered', status: Number.parseInt(response, 10) };
      } catch (error) {
        return explain(error);
      }
    },
    close: () => transport.close(),
  };
}

function unconfigured(reason: string): Mailer {
  return { configured: false, send: async () => giveUp(reason), close: () => {} };
}

function isSmtpUrl(text: string): boolean {
  const url = URL.parse(text);
  return url !== null && (url.protocol === 'smtp:' || url.protocol === 'smtps:') && url.hostname !== '';
}

/** What the URL says of encryption would go before; without encryption a password is anybody's on the way. */
function encrypted(url: URL, allowPlain: boolean): { readonly url: string; readonly requireTLS: boolean } {
  const requireTLS = !allowPlain && url.protocol === 'smtp:' && !isLoopback(url.hostname);
  if (requireTLS)
    for (const name of ['requireTLS', 'ignoreTLS', 'opportunisticTLS', 'secure'])
      url.searchParams.delete(name);
  return { url: url.href, requireTLS };
}

function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '[::1]' || /^127(?:\.\d{1,3}){3}$/.test(host);
}

type Sender = {
  readonly mailbox: { readonly name: string; readonly address: string };
  readonly domain: string;
};

/** `bot@example.com` or `Name <bot@example.com>`. */
function readSender(from: string): Sender | null {
  const match = /^(?:"?(?<name>[^"<>]*?)"?\s*<(?<inner>[^<>]*)>|(?<bare>[^<>]*))$/.exec(from.trim());
  const address = match?.groups?.inner ?? match?.groups?.bare ?? '';
  const domain = ADDRESS.exec(address)?.[1];
  if (domain === undefined) return null;
  return { mailbox: { name: oneLine(match?.groups?.name ?? ''), address }, domain };
}

/** Permanent is only the refusal of this recipient or this mail; the server's and our settings can be mended. */
function explain(error: unknown): DeliveryResult {
  const code = errorCode(error);
  const { command, responseCode } = fieldsOf(error);
  const refusal = responseCode === null ? '' : ` (${responseCode})`;
  const final = responseCode !== null && responseCode >= 500;
  // 454 is a server's trouble with its own key, which passes or is mended.
  if (code === 'ETLS' && command === 'STARTTLS' && final) {
    return giveUp(
      'The mail server offers no encryption, and nothing is sent in clear: use a server with STARTTLS or smtps://, or set SMTP_ALLOW_PLAIN=true, then redeliver.',
    );
  }
  if (code === 'EAUTH') {
    return retryLater(`The mail server refused to log in${refusal}: check user and password in SMTP_URL.`);
  }
  if (command === 'MAIL FROM') {
    return retryLater(`The mail server refused the sender${refusal}: check MAIL_FROM.`);
  }
  if (final && command === 'RCPT TO') {
    return giveUp(`The mail server refused the recipient${refusal}: check the vendor's notify_email.`);
  }
  if (final && command === 'DATA') {
    return giveUp(`The mail server refused the e-mail${refusal}: look for the reason in its log.`);
  }
  if (responseCode !== null) return retryLater(`The mail server could not take the e-mail now${refusal}.`);
  return retryLater(`The mail server could not be reached or broke off (${code}): check SMTP_URL.`);
}

function fieldsOf(error: unknown): { command: string; responseCode: number | null } {
  const fields: Record<string, unknown> = typeof error === 'object' ? { ...error } : {};
  const { command, responseCode } = fields;
  return {
    command: typeof command === 'string' ? command : '',
    responseCode: typeof responseCode === 'number' ? responseCode : null,
  };
}
