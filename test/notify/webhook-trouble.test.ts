import type { AddressInfo } from 'node:net';
import { createServer, type Server, type Socket } from 'node:net';
import * as tls from 'node:tls';
import { sendWebhook, type WebhookInput, type WebhookOptions } from '../../src/notify/webhook.ts';
import { selfSigned } from './certificate.ts';
import { answering, startReceiver } from './receiver.ts';

const options: WebhookOptions = { allowPrivate: true, now: () => 1_614_265_330_000 };

function webhook(url: string): WebhookInput {
  return { id: 'msg_1', url, secret: 's3cret', body: '{}' };
}

/** A receiver below HTTP: what it does with a connection is up to the test. */
async function rawReceiver(onSocket: (socket: Socket) => void) {
  const sockets = new Set<Socket>();
  const server: Server = createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => {});
    onSocket(socket);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const close = async () => {
    for (const socket of sockets) socket.destroy();
    await new Promise((resolve) => server.close(resolve));
  };
  cleanUp.push(close);
  return { url: `http://127.0.0.1:${port}/hook`, close };
}

const cleanUp: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of cleanUp.splice(0)) await close();
});

describe('a receiver in trouble', () => {
  it('is tried again when it never answers', async () => {
    const { url } = await rawReceiver(() => {});
    const result = await sendWebhook(webhook(url), { ...options, timeoutMs: 150 });
    expect(result).toEqual({
      kind: 'failed',
      permanent: false,
      reason: expect.stringContaining('within 0.15 s'),
    });
  });

  it('is tried again when its name never resolves', async () => {
    const resolve = () => new Promise<never>(() => {});
    const result = await sendWebhook(webhook('http://customer.example/hook'), {
      ...options,
      resolve,
      timeoutMs: 150,
    });
    expect(result).toEqual({ kind: 'failed', permanent: false, reason: expect.stringContaining('within') });
  });

  it('is tried again when its headers drip in without an end', async () => {
    const { url } = await rawReceiver((socket) => {
      socket.write('HTTP/1.1 200 OK\r\n');
      const drip = setInterval(() => socket.write('x-more: 1\r\n'), 20);
      socket.on('close', () => clearInterval(drip));
    });
    const result = await sendWebhook(webhook(url), { ...options, timeoutMs: 150 });
    expect(result).toMatchObject({ kind: 'failed', permanent: false });
  });

  it('is tried again when its host name is unknown', async () => {
    const resolve = async () => [];
    const result = await sendWebhook(webhook('http://customer.example/hook'), { ...options, resolve });
    expect(result).toEqual({ kind: 'failed', permanent: false, reason: expect.stringContaining('unknown') });
  });

  it('is tried again when it closes the connection without an answer', async () => {
    const { url } = await rawReceiver((socket) => socket.once('data', () => socket.end()));
    const result = await sendWebhook(webhook(url), options);
    expect(result).toEqual({ kind: 'failed', permanent: false, reason: expect.stringContaining('closed') });
  });

  it('is tried again when it resets the connection', async () => {
    const { url } = await rawReceiver((socket) => socket.once('data', () => socket.resetAndDestroy()));
    const result = await sendWebhook(webhook(url), options);
    expect(result).toEqual({ kind: 'failed', permanent: false, reason: expect.stringContaining('closed') });
  });

  it('is tried again when nothing listens there', async () => {
    const gone = await rawReceiver(() => {});
    await gone.close();
    const result = await sendWebhook(webhook(gone.url), options);
    expect(result).toEqual({ kind: 'failed', permanent: false, reason: expect.stringContaining('listens') });
  });

  it.each([
    ['something else', 'SSH-2.0-t0ken\r\n'],
    ['broken HTTP', 'HTTP/1.1 200 OK\r\nt0ken t0ken\r\n\r\n'],
    ['with endless headers', `HTTP/1.1 200 OK\r\nx: ${'t0ken'.repeat(10_000)}\r\n\r\n`],
  ])('is tried again when it speaks %s, which is not repeated to the operator', async (_what, words) => {
    const { url } = await rawReceiver((socket) => socket.once('data', () => socket.end(words)));
    const result = await sendWebhook(webhook(url), options);
    expect(result).toEqual({ kind: 'failed', permanent: false, reason: expect.stringContaining('HTTP') });
    expect(JSON.stringify(result)).not.toContain('t0ken');
  });
});

describe('a receiver that took the webhook', () => {
  it('counts as delivered though its answer never stops, and is cut off', async () => {
    let cutOff = () => {};
    const closed = new Promise<void>((resolve) => {
      cutOff = resolve;
    });
    const { url } = await rawReceiver((socket) => {
      const flood = () => {
        while (!socket.destroyed && socket.write(Buffer.alloc(65_536, 'x')));
      };
      socket.once('data', () => {
        socket.write('HTTP/1.1 200 OK\r\ncontent-length: 1000000000000\r\n\r\n');
        flood();
      });
      socket.on('drain', flood);
      socket.on('close', () => cutOff());
    });
    expect(await sendWebhook(webhook(url), options)).toEqual({ kind: 'delivered', status: 200 });
    await closed;
  });

  it('counts as delivered though it floods in chunks of unknown length', async () => {
    const chunk = `1000\r\n${'x'.repeat(0x1000)}\r\n`;
    const { url } = await rawReceiver((socket) => {
      const flood = () => {
        while (!socket.destroyed && socket.write(chunk));
      };
      socket.once('data', () => {
        socket.write('HTTP/1.1 202 Accepted\r\ntransfer-encoding: chunked\r\n\r\n');
        flood();
      });
      socket.on('drain', flood);
    });
    expect(await sendWebhook(webhook(url), options)).toEqual({ kind: 'delivered', status: 202 });
  });

  it('is not waited for once it has said more than a few KB', async () => {
    const { url } = await rawReceiver((socket) => {
      socket.once('data', () => socket.write(`HTTP/1.1 200 OK\r\n\r\n${'x'.repeat(16_384)}`));
    });
    const result = await sendWebhook(webhook(url), { ...options, timeoutMs: 2 ** 31 - 1 });
    expect(result).toEqual({ kind: 'delivered', status: 200 });
  });

  it.each([
    ['never ends', () => {}],
    ['breaks off', (socket: Socket) => socket.destroy()],
  ])('counts as delivered though its answer %s after the status', async (_how, next) => {
    const { url } = await rawReceiver((socket) => {
      socket.once('data', () => {
        socket.write('HTTP/1.1 200 OK\r\ncontent-length: 10\r\n\r\nhalf', () => next(socket));
      });
    });
    const result = await sendWebhook(webhook(url), { ...options, timeoutMs: 3000 });
    expect(result).toEqual({ kind: 'delivered', status: 200 });
  });
});

describe('a bot that is stopped', () => {
  it('ends the try at once and leaves it to be tried again', async () => {
    const stop = new AbortController();
    const { url } = await rawReceiver((socket) => socket.once('data', () => stop.abort()));
    const result = await sendWebhook(webhook(url), { ...options, signal: stop.signal });
    expect(result).toEqual({ kind: 'failed', permanent: false, reason: expect.stringContaining('stopped') });
  });

  it('starts no try any more', async () => {
    const customer = await startReceiver(answering(200));
    cleanUp.push(customer.close);
    const result = await sendWebhook(webhook(customer.url), { ...options, signal: AbortSignal.abort() });
    expect(result).toMatchObject({ kind: 'failed', permanent: false });
    expect(customer.connections()).toBe(0);
  });
});

describe('the certificate of the receiver', () => {
  it('is missed when the port speaks plain http', async () => {
    const customer = await startReceiver(answering(200));
    cleanUp.push(customer.close);
    const result = await sendWebhook(webhook(customer.url.replace('http:', 'https:')), options);
    expect(result).toEqual({
      kind: 'failed',
      permanent: false,
      reason: expect.stringContaining('speaks https'),
    });
    expect(customer.received).toEqual([]);
  });

  const identity = selfSigned('customer.example');
  const resolve = async () => [{ address: '127.0.0.1', family: 4 }];
  const trusted = tls.getCACertificates('default');
  afterEach(() => tls.setDefaultCACertificates(trusted));

  it('is checked against the host name of the url, and the webhook then delivered', async () => {
    tls.setDefaultCACertificates([...trusted, identity.cert]);
    const customer = await startReceiver(answering(200), { tls: identity });
    cleanUp.push(customer.close);
    const url = `https://customer.example:${customer.port}/hook`;
    expect(await sendWebhook(webhook(url), { ...options, resolve })).toEqual({
      kind: 'delivered',
      status: 200,
    });
    expect(customer.received).toHaveLength(1);
  });

  it.each([
    ['nobody trusted issued it', 'customer.example', false],
    ['it belongs to another host', 'other.example', true],
  ])('keeps the webhook back when %s', async (_why, host, trust) => {
    if (trust) tls.setDefaultCACertificates([...trusted, identity.cert]);
    const customer = await startReceiver(answering(200), { tls: identity });
    cleanUp.push(customer.close);
    const result = await sendWebhook(webhook(`https://${host}:${customer.port}/hook`), {
      ...options,
      resolve,
    });
    expect(result).toEqual({
      kind: 'failed',
      permanent: false,
      reason: expect.stringContaining('certificate'),
    });
    expect(customer.received).toEqual([]);
  });
});
