// What a Web API method is to this Slack: which token and scopes it takes, and what it does.
import type { WebAPICallResult } from '@slack/web-api';
import type { Core } from '../core.ts';
import type { Arguments } from './arguments.ts';

export interface Method {
  readonly token: 'bot' | 'app' | 'none';
  /** Any of these is enough; none needed where it is empty. May depend on the channel. */
  readonly scopes: (args: Arguments, core: Core) => readonly string[];
  readonly run: (args: Arguments, core: Core) => WebAPICallResult;
}

/** Scopes that don't depend on the arguments. */
export const always =
  (...scopes: string[]): Method['scopes'] =>
  () =>
    scopes;

/** The read scope for the kind of conversation that is asked about. */
export const byConversation =
  (right: 'read' | 'history'): Method['scopes'] =>
  (args, core) => {
    const channel = core.world.channels.get(args.text('channel') ?? '');
    if (channel?.isIm) return [`im:${right}`];
    return [channel?.isPrivate ? `groups:${right}` : `channels:${right}`];
  };
