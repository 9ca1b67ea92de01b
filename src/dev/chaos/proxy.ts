// A TCP proxy whose connections can be cut, or hung as a network does that swallows packets: nobody is told.
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';

export type Wire = {
  readonly port: number;
  /** Resets a share of the open connections; answers how many. */
  cut(share: number): number;
  /** Lets nothing through a share of the open connections, either way; `fresh` ones too. Answers how many hang. */
  hang(share: number, fresh: boolean): number;
  /** As `hang`, for good: `heal` does not reach these. */
  swallow(share: number): number;
  /** What was held back flows on, or the connections are reset. */
  heal(how: 'flow' | 'cut'): void;
  /** How many connections the server turned away because it has too many. */
  turnedAway(): number;
  close(): Promise<void>;
};

type Pair = { readonly near: Socket; readonly far: Socket; hung: boolean; swallowed: boolean };

/** Listens on the loopback address and connects each connection to the port that `target` names; null: refused. */
export async function startProxy(target: () => number | null): Promise<Wire> {
  const pairs = new Set<Pair>();
  let hangFresh = false;
  let turnedAway = 0;
  const server = createServer((near) => {
    const port = target();
    if (port === null) {
      near.resetAndDestroy();
      return;
    }
    const pair: Pair = { near, far: connect(port, '127.0.0.1'), hung: false, swallowed: false };
    pairs.add(pair);
    join(pair, () => pairs.delete(pair));
    pair.far.once('data', (bytes) => {
      if (saysTooMany(bytes)) turnedAway += 1;
    });
    if (hangFresh) hold(pair);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    port: (server.address() as AddressInfo).port,
    cut: (share) => some(pairs, share).map(reset).length,
    hang: (share, fresh) => {
      hangFresh = fresh;
      return some(pairs, share).map(hold).length;
    },
    swallow: (share) => some(pairs, share).map(swallow).length,
    heal: (how) => {
      hangFresh = false;
      for (const pair of [...pairs].filter((one) => one.hung && !one.swallowed))
        how === 'cut' ? reset(pair) : release(pair);
    },
    turnedAway: () => turnedAway,
    close: async () => {
      for (const pair of pairs) reset(pair);
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** Postgres's first word to a new connection: an error (E) with that SQLSTATE (C). */
function saysTooMany(bytes: Buffer): boolean {
  return bytes.toString('latin1', 0, 1) === 'E' && bytes.includes('\0C53300\0');
}

function join({ near, far }: Pair, gone: () => void): void {
  for (const [from, to] of [
    [near, far],
    [far, near],
  ] as const) {
    from.on('data', (bytes) => to.write(bytes));
    from.on('end', () => to.end());
    from.on('error', () => to.destroy());
    from.on('close', () => {
      to.destroy();
      gone();
    });
  }
}

/** At least one where there is any; the oldest first, so that a draw means the same in every repetition. */
function some(pairs: ReadonlySet<Pair>, share: number): Pair[] {
  return [...pairs].slice(0, Math.ceil(pairs.size * share));
}

function reset({ near, far }: Pair): void {
  near.resetAndDestroy();
  far.resetAndDestroy();
}

function hold(pair: Pair): void {
  pair.hung = true;
  pair.near.pause();
  pair.far.pause();
}

function swallow(pair: Pair): void {
  pair.swallowed = true;
  hold(pair);
}

function release(pair: Pair): void {
  pair.hung = false;
  pair.near.resume();
  pair.far.resume();
}
