// Ids that are the same in every run of the demo.
import { createHash } from 'node:crypto';

/** The UUID that always belongs to `of`. */
export function seededUuid(of: string): string {
  const hex = createHash('md5').update(`incident 2026-05-11 ${of}`).digest('hex');
  return [
    hex.slice(0, 8),
    hex.slice(8, 12),
    `4${hex.slice(13, 16)}`,
    `8${hex.slice(17, 20)}`,
    hex.slice(20),
  ].join('-');
}
