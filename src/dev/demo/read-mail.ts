// Reads the few things of an e-mail that a mailbox shows: who wrote, the subject, the plain text.

const quotedPrintable = (text: string): Buffer =>
  Buffer.from(
    text
      .replace(/=\r?\n/g, '')
      .replace(/=([0-9A-F]{2})/gi, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16))),
    'latin1',
  );

const latin = (text: string): string => Buffer.from(text, 'utf8').toString('latin1');

/** `=?UTF-8?Q?…?=` and `=?UTF-8?B?…?=`, as headers carry what isn't ASCII. */
function words(header: string): string {
  return header
    .replace(/\?=\s+=\?/g, '?==?')
    .replace(/=\?utf-8\?([qb])\?([^?]*)\?=/gi, (_, kind: string, text: string) =>
      kind.toLowerCase() === 'b'
        ? Buffer.from(text, 'base64').toString('utf8')
        : quotedPrintable(text.replaceAll('_', ' ')).toString('utf8'),
    );
}

/** Of a mail as it came over SMTP. */
export function readMail(raw: string): {
  readonly from: string;
  readonly subject: string;
  readonly text: string;
} {
  const end = raw.indexOf('\r\n\r\n');
  const head = raw.slice(0, end < 0 ? raw.length : end).replace(/\r\n[ \t]+/g, ' ');
  const body = end < 0 ? '' : raw.slice(end + 4).replace(/^\.\./gm, '.');
  const header = (name: string): string => new RegExp(`^${name}: *(.*)$`, 'im').exec(head)?.[1] ?? '';
  const encoding = header('content-transfer-encoding').toLowerCase();
  const text =
    encoding === 'base64'
      ? Buffer.from(body, 'base64').toString('utf8')
      : encoding === 'quoted-printable'
        ? quotedPrintable(latin(body)).toString('utf8')
        : body;
  return { from: header('from'), subject: words(header('subject')), text };
}
