// What Slack shows, as a short text to compare with later.
import { createHash } from 'node:crypto';

/** Equal for what looks the same; `copies` are other places in which it is shown. */
export function digest(shown: unknown, copies: readonly string[] = []): string {
  const all = copies.length > 0 ? [shown, copies] : shown;
  return createHash('sha256').update(JSON.stringify(all)).digest('base64url');
}
