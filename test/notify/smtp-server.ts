// A tiny SMTP server on the loopback address: keeps the mails it took, and refuses where a test says so.
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { converse } from '../../src/dev/smtp.ts';
import { atTheEnd, once } from '../support/shared.ts';

export type TakenMail = {
  readonly from: string;
  readonly to: readonly string[];
  /** Header lines unfolded, by lower-case name. */
  readonly headers: Readonly<Record<string, string[]>>;
  readonly raw: string;
};

/** Replies by command; a `hang` is never answered, a `drop` closes the connection. */
export type SmtpScript = Partial<
  Record<'GREETING' | 'STARTTLS' | 'AUTH' | 'MAIL' | 'RCPT' | 'DATA' | 'END', string>
>;

export type SmtpServer = {
  readonly port: number;
  readonly mails: TakenMail[];
  /** What each connection said, commands only. */
  readonly commands: string[];
  close(): Promise<void>;
};

const USUAL = {
  GREETING: '220 mail.example ESMTP',
  STARTTLS: '502 unknown',
  AUTH: '235 welcome',
  MAIL: '250 sender ok',
  RCPT: '250 recipient ok',
  DATA: '354 go on',
  END: '250 2.0.0 queued',
} as const;

/** Starts the server. */
export async function startSmtpServer(script: SmtpScript = {}): Promise<SmtpServer> {
  const replies = { ...USUAL, ...script };
  const mails: TakenMail[] = [];
  const commands: string[] = [];
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => {});
    serve(socket, replies, mails, commands);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const close = once(async () => {
    for (const socket of sockets) socket.destroy();
    await new Promise((resolve) => server.close(resolve));
  });
  atTheEnd(close);
  return { port, mails, commands, close };
}

function serve(
  socket: Socket,
  replies: Record<keyof typeof USUAL, string>,
  mails: TakenMail[],
  commands: string[],
): void {
  let from = '';
  let to: string[] = [];
  const reply = (text: string) => {
    if (text === 'drop') socket.destroy();
    else if (text !== 'hang') socket.write(`${text}\r\n`);
  };
  const onLine = (line: string): boolean => {
    commands.push(line);
    const verb = line.slice(0, 4).toUpperCase();
    if (verb === 'EHLO') reply('250-mail.example\r\n250 AUTH PLAIN');
    else if (verb === 'STAR') reply(replies.STARTTLS);
    else if (verb === 'AUTH') reply(replies.AUTH);
    else if (verb === 'MAIL') {
      from = line;
      to = [];
      reply(replies.MAIL);
    } else if (verb === 'RCPT') {
      to.push(line);
      reply(replies.RCPT);
    } else if (verb === 'DATA') reply(replies.DATA);
    else if (verb === 'QUIT') socket.end('221 bye\r\n');
    else reply('502 unknown');
    return verb === 'DATA' && replies.DATA.startsWith('354');
  };
  reply(replies.GREETING);
  const onMail = (raw: string) => {
    mails.push({ from, to, headers: headersOf(raw), raw });
    reply(replies.END);
  };
  converse(socket, { onLine, onMail });
}

function headersOf(raw: string): Record<string, string[]> {
  const headers: Record<string, string[]> = {};
  const [head = ''] = raw.split('\r\n\r\n', 1);
  for (const line of head.replace(/\r\n[ \t]+/g, ' ').split('\r\n')) {
    const colon = line.indexOf(':');
    const name = line.slice(0, colon).toLowerCase();
    headers[name] = [...(headers[name] ?? []), line.slice(colon + 1).trim()];
  }
  return headers;
}
