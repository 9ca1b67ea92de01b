// The longest that a test, the demo or the local Slack waits for anything. Generous, so that a busy machine never
// reaches it: only what will never happen takes as long.
export const LONGEST_WAIT_MS = 120_000;
