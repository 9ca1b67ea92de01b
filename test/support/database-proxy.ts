// A cable between the bot and Postgres that a test can pull: at once, or at a named moment of the conversation.
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import { atTheEnd, once } from './shared.ts';

export type DatabaseProxy = {
  /** Connection string through the cable. */
  readonly url: string;
  /** Breaks every connection and refuses new ones. */
  cut(): void;
  /** Plugs the cable in again. */
  mend(): void;
  /** Breaks everything when the bot is about to say `text`, which Postgres then never hears; resolves when that happened. */
  cutBefore(text: string): Promise<void>;
  /** Lets nothing more through, either way, of the connection that says `text` next, and tells nobody; resolves when it did. */
  swallowAt(text: string): Promise<void>;
  /**
   * Lets Postgres hear the COMMIT of the first connection that says `text` from now on, and breaks that connection instead
   * of delivering the answer; once.
   */
  loseCommitBehind(text: string): Promise<void>;
  close(): Promise<void>;
};

/** To its last byte: BEGIN says "committed", too. */
const COMMIT = 'commit\0';

/** Opens a cable to the server behind `url`. */
export async function openProxy(url: string): Promise<DatabaseProxy> {
  const target = new URL(url);
  const pairs = new Set<readonly [Socket, Socket]>();
  let plugged = true;
  let before: { text: string; done: () => void } | undefined;
  let losing: { text: string; done: () => void } | undefined;
  let swallowing: { text: string; done: () => void } | undefined;
  const cut = () => {
    plugged = false;
    for (const pair of pairs) for (const socket of pair) socket.destroy();
  };
  const server = createServer((near) => {
    if (!plugged) {
      near.destroy();
      return;
    }
    const far = connect(Number(target.port), target.hostname);
    const pair = [near, far] as const;
    pairs.add(pair);
    let doomed = false;
    let deaf = false;
    let dumb = false;
    const end = () => {
      pairs.delete(pair);
      near.destroy();
      far.destroy();
    };
    for (const socket of pair) socket.on('error', end).on('close', end);
    near.on('data', (bytes) => {
      if (before !== undefined && bytes.includes(before.text)) {
        cut();
        before.done();
        before = undefined;
        return;
      }
      if (swallowing !== undefined && bytes.includes(swallowing.text)) {
        [deaf, dumb] = [true, true];
        swallowing.done();
        swallowing = undefined;
      }
      if (dumb) return;
      if (losing !== undefined && bytes.includes(losing.text)) doomed = true;
      if (losing !== undefined && doomed && bytes.includes(COMMIT)) {
        deaf = true;
        far.once('data', () => {
          end();
          done?.();
        });
        const { done } = losing;
        losing = undefined;
      }
      far.write(bytes);
    });
    far.on('data', (bytes) => {
      if (!deaf) near.write(bytes);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const close = once(async () => {
    cut();
    await new Promise((resolve) => server.close(resolve));
  });
  atTheEnd(close);
  return {
    url: url.replace(`:${target.port}/`, `:${port}/`),
    cut,
    mend: () => {
      plugged = true;
    },
    cutBefore: (text) =>
      new Promise<void>((resolve) => {
        before = { text, done: resolve };
      }),
    swallowAt: (text) =>
      new Promise<void>((resolve) => {
        swallowing = { text, done: resolve };
      }),
    loseCommitBehind: (text) =>
      new Promise<void>((resolve) => {
        losing = { text, done: resolve };
      }),
    close,
  };
}
