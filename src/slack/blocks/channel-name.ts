// A channel where it is named to somebody.
import { SAID, type Voice } from './voice.ts';

/** As Slack shows a channel; what is no channel's id is data. */
export function channelName(channelId: string, voice: Voice = SAID): string {
  return /^[CG][A-Z0-9]{1,30}$/.test(channelId) ? `<#${channelId}>` : voice.quote(channelId, 40);
}

/** `this channel` to whoever reads it there, its name to others; `here` is the channel in which it is said, undefined in none. */
export function thisChannel(channelId: string, here: string | undefined): string {
  return channelId === here ? 'this channel' : channelName(channelId);
}
