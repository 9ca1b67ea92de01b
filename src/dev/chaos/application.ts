// The application of a round that makes the replays: the stand-in in a process of its own, as its own role, with another
// setting each round. It can be killed, frozen and told to misbehave.
import { readFile } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Call } from '../application/call.ts';
import type { FaultOrder } from '../application/faults.ts';
import { type RunningApplication, startApplication } from '../application/start.ts';
import { LONGEST_WAIT_MS } from '../slack/longest-wait.ts';
import type { Random } from './random.ts';
import { APPLICATION, urlAs } from './roles.ts';

/** What a caller that isn't the bot adds to the address, so that the recount can tell its calls. */
export const BY_HAND = '?by-hand';

const LOOK_MS = 100;

export class Application {
  readonly timeoutSeconds: number;
  private readonly callSize: number;
  private readonly running: RunningApplication;

  constructor(running: RunningApplication, timeoutSeconds: number, callSize: number) {
    this.running = running;
    this.timeoutSeconds = timeoutSeconds;
    this.callSize = callSize;
  }

  /** What a bot in front of it is started with. */
  get environment(): Record<string, string> {
    const { endpoint, apiKey, apiSecret } = this.running;
    return {
      REPLAY_URL: endpoint,
      REPLAY_API_KEY: apiKey,
      REPLAY_API_SECRET: apiSecret,
      REPLAY_TIMEOUT_SECONDS: String(this.timeoutSeconds),
      CHUNK_SIZE: String(this.callSize),
      VENDOR_CONCURRENCY: '',
    };
  }

  /** Orders a fault and answers its id. Throws where it is away. */
  async order(fault: FaultOrder): Promise<string> {
    const [id = ''] = await this.running.faults(fault);
    return id;
  }

  /** Takes an order back. Throws where it is away; `heal` takes back what is left. */
  async takeBack(id: string): Promise<void> {
    await this.running.removeFault(id);
  }

  /** Every dry run and replay that reached it, so far. */
  calls(): Call[] {
    return this.running.calls().filter(({ url }) => url.includes('retry-batch'));
  }

  /** A call that the bot has no part in; answers the status, or null where there was no answer. */
  async callByHand(body: object, patienceMs: number): Promise<number | null> {
    const { endpoint, apiKey, apiSecret } = this.running;
    try {
      const response = await fetch(`${endpoint}${BY_HAND}`, {
        method: 'POST',
        redirect: 'manual',
        headers: {
          'content-type': 'application/json',
          connection: 'close',
          authorization: apiKey,
          'or-internal-api-auth-secret': apiSecret,
        },
        body: JSON.stringify(body),
        signal: AbortSignal.timeout(patienceMs),
      });
      await response.body?.cancel();
      return response.status;
    } catch {
      return null;
    }
  }

  /** SIGKILL; answers whether that is what ended it. It stays away until `start`. */
  async kill(): Promise<boolean> {
    const { exited, pid } = this.running;
    if (!isAlive(pid)) return false;
    this.running.kill('SIGKILL');
    return (await exited).signal === 'SIGKILL';
  }

  /** SIGSTOP; answers whether the kernel says that it is stopped. */
  async freeze(): Promise<boolean> {
    const { pid } = this.running;
    this.running.kill('SIGSTOP');
    await sleep(20);
    return (await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '')).includes(') T ');
  }

  /** SIGCONT. */
  thaw(): void {
    this.running.kill('SIGCONT');
  }

  /** Starts it where it isn't running. */
  async start(): Promise<void> {
    await this.running.start();
  }

  /** Running, awake, and with no order left. */
  async heal(): Promise<void> {
    this.thaw();
    for (const end = Date.now() + LONGEST_WAIT_MS; ; await sleep(LOOK_MS)) {
      try {
        await this.start();
        return await this.running.removeFault();
      } catch (error) {
        if (Date.now() > end) throw error;
      }
    }
  }

  /** Gone, with what it kept; nothing waits for the calls that it has. */
  async stop(): Promise<void> {
    this.running.kill('SIGKILL');
    await this.running.stop();
  }
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

/** Starts it beside a round's database. */
export async function openApplication(port: number, database: string, random: Random): Promise<Application> {
  const timeoutSeconds = random.between(3, 5);
  const callSize = random.pick([2, 4, 8, 25]);
  const running = await startApplication({
    databaseUrl: urlAs(APPLICATION, port, database),
    cap: random.pick([25, 25, 10, 4]),
    rowMs: random.pick([0, 20, 60]),
    results: random.pick(['none', 'results']),
    restarts: true,
  });
  return new Application(running, timeoutSeconds, callSize);
}
