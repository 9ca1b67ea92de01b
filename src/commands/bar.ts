// A bar on standard error for what takes long: only where somebody sees it, and gone when the work is done.
import { count } from '../slack/blocks/figures.ts';

/** What of a stream a bar needs. */
export type Screen = {
  readonly isTTY?: boolean;
  readonly columns?: number;
  write(text: string): unknown;
};

export type Bar = {
  /** So much of the whole is done. */
  to(done: number): void;
  /** One more is done. */
  step(): void;
  /** Takes the bar away. */
  end(): void;
};

const EVERY_MS = 100;
const LENGTH = 24;
const NEVER = Number.NEGATIVE_INFINITY;

const NONE: Bar = { to: () => {}, step: () => {}, end: () => {} };

/** A bar for `total` pieces of `what`; none where `screen` is no terminal, or one that can't take a line back. */
export function createBar(what: string, total: number, screen: Screen = process.stderr): Bar {
  if (!screen.isTTY || process.env.TERM === 'dumb') return NONE;
  let done = 0;
  let drawnAt = NEVER;
  const draw = (): void => {
    if (performance.now() - drawnAt < EVERY_MS) return;
    drawnAt = performance.now();
    const line = lineOf(what, Math.min(done, total), total).slice(0, (screen.columns ?? 80) - 1);
    screen.write(`\r${line}\u001b[K`);
  };
  return {
    to: (now) => {
      done = now;
      draw();
    },
    step: () => {
      done += 1;
      draw();
    },
    end: () => {
      if (drawnAt === NEVER) return;
      drawnAt = NEVER;
      screen.write('\r\u001b[K');
    },
  };
}

function lineOf(what: string, done: number, total: number): string {
  const part = total === 0 ? 1 : done / total;
  const full = Math.floor(part * LENGTH);
  const percent = `${Math.floor(part * 100)}%`.padStart(4);
  return `${what} ${'█'.repeat(full)}${'░'.repeat(LENGTH - full)} ${percent}  ${count(done)} of ${count(total)}`;
}
