// The channels of a round. Each has a pace of its own: in one alone, Slack's post a second would be all that a round
// waits for.
export const CHANNELS = Array.from({ length: 12 }, (_, index) => `C0CHAOS${index + 1}`);
