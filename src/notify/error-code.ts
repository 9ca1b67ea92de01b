// The short name (`ECONNREFUSED`) that Node and the libraries give an error; the one part of it that is
// safe to show, because messages can quote what the other side sent.

/** The error's code, or `UNKNOWN`. Asks for no class: an error may come from another realm. */
export function errorCode(error: unknown): string {
  const code = typeof error === 'object' && error !== null && 'code' in error ? error.code : undefined;
  return typeof code === 'string' && /^[A-Z0-9_]{1,60}$/.test(code) ? code : 'UNKNOWN';
}
