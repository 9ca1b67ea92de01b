// The customers' far side: a webhook receiver and a mail server that fail at random and remember what reached them.
import { createServer as createHttpServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { converse } from '../smtp.ts';
import type { Random } from './random.ts';
import type { Tally } from './tally.ts';

/** One arrival: under which id, of which project. */
export type Arrival = {
  readonly kind: 'webhook' | 'email';
  readonly id: string;
  readonly projectUuid: string;
};

export type Receivers = {
  readonly webhookUrl: string;
  readonly smtpUrl: string;
  readonly arrivals: readonly Arrival[];
  /** How many of its tries fail, from 0 to 1. */
  fail(share: number): void;
  close(): Promise<void>;
};

type Trouble = { next(): 'none' | 'refuse' | 'drop' | 'lose_answer' };

/** Starts both. */
export async function startReceivers(random: Random, tally: Tally): Promise<Receivers> {
  const arrivals: Arrival[] = [];
  let share = 0;
  const trouble: Trouble = {
    next: () => (random.chance(share) ? random.pick(['refuse', 'drop', 'lose_answer'] as const) : 'none'),
  };
  const web = createHttpServer((request, response) => {
    receive(request, response, trouble, tally, arrivals).catch(() => response.destroy());
  });
  const sockets = new Set<Socket>();
  const mail = createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => {});
    socket.on('close', () => sockets.delete(socket));
    serve(socket, trouble, tally, arrivals);
  });
  await new Promise<void>((resolve) => web.listen(0, '127.0.0.1', resolve));
  await new Promise<void>((resolve) => mail.listen(0, '127.0.0.1', resolve));
  return {
    webhookUrl: `http://127.0.0.1:${(web.address() as AddressInfo).port}/hook`,
    smtpUrl: `smtp://127.0.0.1:${(mail.address() as AddressInfo).port}`,
    arrivals,
    fail: (wanted) => {
      share = wanted;
    },
    close: async () => {
      web.closeAllConnections();
      for (const socket of sockets) socket.destroy();
      await Promise.all([web, mail].map((one) => new Promise((resolve) => one.close(resolve))));
    },
  };
}

async function receive(
  request: IncomingMessage,
  response: ServerResponse,
  trouble: Trouble,
  tally: Tally,
  arrivals: Arrival[],
): Promise<void> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk);
  const how = trouble.next();
  if (how !== 'none') tally.add(`webhook receiver: ${how}`);
  if (how === 'drop') return void response.destroy();
  if (how === 'refuse') return void response.writeHead(503).end();
  const { data } = JSON.parse(Buffer.concat(chunks).toString()) as { data: { project_uuid: string } };
  const id = String(request.headers['webhook-id']);
  arrivals.push({ kind: 'webhook', id, projectUuid: data.project_uuid });
  if (how === 'lose_answer') response.destroy();
  else response.writeHead(200).end('{}');
}

const REPLIES: Readonly<Record<string, string>> = {
  EHLO: '250 mail.example',
  MAIL: '250 ok',
  RCPT: '250 ok',
  DATA: '354 go on',
  QUIT: '221 bye',
};

/** As much SMTP as a client needs to hand over a mail. */
function serve(socket: Socket, trouble: Trouble, tally: Tally, arrivals: Arrival[]): void {
  const onMail = (mail: string) => {
    const how = trouble.next();
    if (how !== 'none') tally.add(`mail server: ${how}`);
    if (how === 'drop') return void socket.destroy();
    if (how === 'refuse') return void socket.write('451 try again later\r\n');
    const id = /^message-id: <([^@>]+)@/im.exec(mail)?.[1] ?? 'none';
    const projectUuid = /^Project: (\S+)/m.exec(mail)?.[1] ?? 'none';
    arrivals.push({ kind: 'email', id, projectUuid });
    if (how === 'lose_answer') socket.destroy();
    else socket.write('250 taken\r\n');
  };
  const onLine = (line: string): boolean => {
    const verb = line.slice(0, 4).toUpperCase();
    socket.write(`${REPLIES[verb] ?? '502 unknown'}\r\n`);
    return verb === 'DATA';
  };
  socket.write('220 mail.example\r\n');
  converse(socket, { onLine, onMail });
}
