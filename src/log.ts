// The log: fields, not sentences; one line per lifecycle edge. Never a payload, a token, a cookie or a response URL.
import { types } from 'node:util';
import { type Logger, pino } from 'pino';

export type Log = Logger;

const SECRETS = ['token', 'secret', 'password', 'cookie', 'authorization', 'response_url', 'url'];

/** A logger that writes JSON lines to standard output, with what must not be seen removed wherever it turns up. */
export function createLog(level: string): Log {
  return pino(
    {
      level,
      base: { pid: process.pid },
      redact: { paths: SECRETS.flatMap((name) => [name, `*.${name}`, `*.*.${name}`]), censor: '[removed]' },
      formatters: { level: (label) => ({ level: label }) },
      timestamp: pino.stdTimeFunctions.isoTime,
    },
    // A line that is still on its way when the process ends would come behind the last one. There are few lines.
    pino.destination({ fd: 1, sync: true }),
  );
}

/** Deeper than any chain of ours; an error may also be its own cause. */
const MAX_CAUSES = 5;

/** What may be said of an error in the log: its kind, its message, its code and its causes. */
export function errorFields(error: unknown, causes = MAX_CAUSES): Record<string, unknown> {
  if (!isError(error)) return { error: hasMessage(error) ? error.message : String(error) };
  const code = Reflect.get(error, 'code');
  return {
    error: error.name,
    message: error.message,
    ...(code === undefined ? {} : { code }),
    ...(error.cause === undefined || causes === 0 ? {} : { cause: errorFields(error.cause, causes - 1) }),
  };
}

/** The queue's package tells of a worker's trouble in an object that is no error. */
function hasMessage(error: unknown): error is { message: string } {
  return typeof error === 'object' && error !== null && typeof Reflect.get(error, 'message') === 'string';
}

/** Also true for errors of Node's own that come from another realm, which `instanceof` denies. */
function isError(error: unknown): error is Error {
  return error instanceof Error || types.isNativeError(error);
}
