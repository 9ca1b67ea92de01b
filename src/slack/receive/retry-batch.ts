// `/retry-batch`: reads what was typed and asks for it. Nothing is ever replayed from here.
import type { RespondFn, SlashCommand } from '@slack/bolt';
import type { RequestIssue, RetryRequest } from '../../domain/request.ts';
import { correctedRequest } from '../command/correct.ts';
import { helpText } from '../command/help.ts';
import { mistakesText } from '../command/mistakes-text.ts';
import { parseCommand } from '../command/parse-command.ts';
import { ask } from './ask.ts';
import { type Delivery, handle, type SlackContext, say, withTrigger } from './context.ts';

export type CommandArguments = {
  readonly command: Pick<
    SlashCommand,
    'text' | 'team_id' | 'enterprise_id' | 'user_id' | 'channel_id' | 'channel_name' | 'trigger_id'
  >;
  readonly ack: () => Promise<void>;
  readonly respond: RespondFn;
  readonly keys: readonly string[];
};

/** Handles one `/retry-batch`. */
export async function onRetryBatch(context: SlackContext, args: CommandArguments): Promise<void> {
  const { command, ack, respond } = args;
  const keys = withTrigger(args.keys, command.trigger_id);
  const sender = { teamId: command.team_id, userId: command.user_id };
  const place = { channelId: command.channel_id };
  const origin = { teamId: command.team_id, enterpriseId: command.enterprise_id || undefined };
  const delivery: Delivery = { ack, respond, keys, origin, sender, place };
  await handle(context, delivery, 'command', async () => {
    const parsed = parseCommand(command.text ?? '', context.ports.clock.now());
    if (parsed.kind === 'help') {
      await say(context, delivery, helpText(context.ports.clock.now()));
      return null;
    }
    if (parsed.kind === 'mistakes') {
      await say(context, delivery, mistakesText(parsed));
      return null;
    }
    const { request, notes } = parsed;
    const mistakes = (issues: readonly RequestIssue[]) => asMistakes(request, issues);
    const asked = { request, notes, sender, teamId: command.team_id, channel: command, mistakes };
    return ask(context, delivery, asked);
  });
}

/** What only the database could tell, such as a window that begins in the future. */
function asMistakes(request: RetryRequest, issues: readonly RequestIssue[]): string {
  const problems = issues.map(({ path, message }) => ({ field: path, message }));
  return mistakesText({ kind: 'mistakes', problems, corrected: correctedRequest(request, issues) });
}
