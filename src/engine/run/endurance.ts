// How long a run bears with an endpoint that brings nothing, whatever number of calls are under way at once: time that several
// wait is counted once, and calls that one restart cuts off together are one in a row.
import { minutesToMilliseconds } from 'date-fns/minutesToMilliseconds';

/** So many calls in a row may bring nothing before the run asks. */
export const MOST_FRUITLESS = 3;

/** So long in all the endpoint may say that it is busy. */
const MOST_WAITING_MS = minutesToMilliseconds(10);

/** All times are milliseconds on the clock's monotonic scale. */
export class Endurance {
  private fruitless = 0;
  private countedAt = Number.NEGATIVE_INFINITY;
  private waitedMs = 0;
  private waitedTo = Number.NEGATIVE_INFINITY;

  /** A call brought an outcome: the endpoint works. */
  fruit(): void {
    this.fruitless = 0;
    this.waitedMs = 0;
  }

  /** A call that began at `began` brought nothing, as shows at `now`; whether the run asks. */
  isTooFruitless(began: number, now: number): boolean {
    // What was under way when the last one was counted is of the same trouble.
    if (began >= this.countedAt) {
      this.fruitless += 1;
      this.countedAt = now;
    }
    return this.fruitless >= MOST_FRUITLESS;
  }

  /** Somebody has waited from one moment to another because the endpoint is busy; whether the run asks. */
  isTooBusy(from: number, to: number): boolean {
    this.waitedMs += Math.max(0, to - Math.max(from, this.waitedTo));
    this.waitedTo = Math.max(this.waitedTo, to);
    return this.waitedMs >= MOST_WAITING_MS;
  }
}
