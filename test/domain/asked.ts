// A request as somebody may send it, and what becomes of it.
import { parseRequest } from '../../src/domain/request.ts';

export const SINCE = '2026-05-11T12:30:00Z';
export const UUID = '3F0E1D2C-4B5A-4988-8776-655443322110';

/** The request that is understood; a mistake fails the test. */
export function accepted(input: unknown) {
  const parsed = parseRequest(input);
  if (parsed.kind === 'mistakes') throw new Error(JSON.stringify(parsed.issues));
  return parsed.request;
}

/** What is wrong with it, each with the field. */
export function mistakes(input: unknown): string[] {
  const parsed = parseRequest(input);
  return parsed.kind === 'mistakes' ? parsed.issues.map((issue) => `${issue.path}: ${issue.message}`) : [];
}
