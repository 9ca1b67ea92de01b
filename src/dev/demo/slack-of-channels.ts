// The local Slack of whoever needs many channels: the bench and the chaos.
import { defaultCast } from '../slack/cast.ts';
import type { LocalSlack } from '../slack/local-slack.ts';
import { startLocalSlack } from '../slack/start.ts';
import { readManifest } from './manifest.ts';

export type Tokens = {
  readonly signingSecret: string;
  readonly botToken: string;
  readonly appToken: string;
};

/** Starts it with these channels in place of the cast's, each with the people of the incident channel, and manifest.yml's app. */
export async function startSlackOf(
  channelIds: readonly string[],
  tokens: Tokens,
): Promise<{ readonly slack: LocalSlack; readonly teamId: string }> {
  const { bot: app, ...cast } = defaultCast();
  const members = cast.channels.find(({ id }) => id === 'C0INCIDENT')?.members ?? [];
  const channels = channelIds.map((id) => ({ id, name: id.toLowerCase(), members }));
  const slack = await startLocalSlack({
    ...cast,
    channels,
    app: { ...app, ...tokens, ...(await readManifest()) },
  });
  return { slack, teamId: cast.team.id };
}
