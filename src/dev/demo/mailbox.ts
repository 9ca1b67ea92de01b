// The customers' mailbox: an SMTP server on the loopback address that takes every e-mail and delivers none.
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import type { Mail } from '../slack-page/outside.ts';
import { converse } from '../smtp.ts';
import { readMail } from './read-mail.ts';

export type Mailbox = {
  readonly smtpUrl: string;
  received(): readonly Mail[];
  clear(): void;
  stop(): Promise<void>;
};

const ADDRESS = /<([^>]*)>/;

/** One conversation: whatever comes is taken. */
function serve(socket: Socket, taken: (mail: Mail) => void): void {
  let to = '';
  const reply = (line: string): unknown => socket.write(`${line}\r\n`);
  reply('220 mailbox of the demo');
  converse(socket, {
    onLine: (line) => {
      const verb = line.slice(0, 4).toUpperCase();
      if (verb === 'EHLO' || verb === 'HELO') reply('250 mailbox of the demo');
      else if (verb === 'RCPT') {
        to = ADDRESS.exec(line)?.[1] ?? line;
        reply('250 ok');
      } else if (verb === 'MAIL' || verb === 'RSET' || verb === 'NOOP') reply('250 ok');
      else if (verb === 'DATA') reply('354 go on');
      else if (verb === 'QUIT') socket.end('221 bye\r\n');
      else reply('502 unknown');
      return verb === 'DATA';
    },
    onMail: (mail) => {
      taken({ at: Date.now(), to, ...readMail(mail) });
      reply('250 taken');
    },
  });
}

async function listen(server: Server): Promise<number> {
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', resolve);
  });
  return (server.address() as AddressInfo).port;
}

/** Starts with an empty mailbox, on a free port. */
export async function startMailbox(onChange: () => void): Promise<Mailbox> {
  const mails: Mail[] = [];
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => socket.destroy()).on('close', () => sockets.delete(socket));
    serve(socket, (mail) => {
      mails.push(mail);
      onChange();
    });
  });
  const port = await listen(server);
  return {
    smtpUrl: `smtp://127.0.0.1:${port}`,
    received: () => mails,
    clear: () => {
      mails.length = 0;
      onChange();
    },
    stop: async () => {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
