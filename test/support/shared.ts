// What the tests of a file share: made before the first of them and ended after the last.

const endings: (() => unknown)[] = [];

/** Ends everything that was begun, the latest first. After the file's last test this happens by itself. */
export async function endAll(): Promise<void> {
  const failed: unknown[] = [];
  for (let end = endings.pop(); end !== undefined; end = endings.pop()) {
    try {
      await end();
    } catch (error) {
      failed.push(error);
    }
  }
  if (failed.length > 0) throw failed[0];
}

// Also what a failed test left behind.
afterAll(endAll);

/** Runs `end` after the file's last test, before the ends of what was begun earlier. A test may have ended it itself. */
export function atTheEnd(end: () => unknown): void {
  endings.push(end);
}

/** What `make` makes, for all tests of the file. It can be named at the top of the file and is there in every test. */
export function shared<Thing extends object>(make: () => Thing | Promise<Thing>): Thing {
  let made: Thing | undefined;
  beforeAll(async () => {
    made = await make();
  });
  const real = () => {
    if (made === undefined) throw new Error('what tests share is made before the first of them, not earlier');
    return made;
  };
  return new Proxy({} as Thing, {
    get: (_, name) => {
      const value: unknown = Reflect.get(real(), name);
      return typeof value === 'function' ? value.bind(real()) : value;
    },
    has: (_, name) => Reflect.has(real(), name),
    ownKeys: () => Reflect.ownKeys(real()),
    getOwnPropertyDescriptor: (_, name) => {
      const found = Reflect.getOwnPropertyDescriptor(real(), name);
      return found && { ...found, configurable: true };
    },
  });
}

/** The same end however often it is asked for. */
export function once(end: () => Promise<void>): () => Promise<void> {
  let ended: Promise<void> | undefined;
  return () => {
    ended ??= end();
    return ended;
  };
}
