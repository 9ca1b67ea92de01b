// What somebody is told privately who can approve and does not read the channel in which it is asked for.
import { shortId } from '../../domain/batch.ts';
import { type Batch, stillToReplay } from '../../domain/plan.ts';
import { linkTo } from './batch-name.ts';
import { channelName } from './channel-name.ts';
import { counts } from './facts.ts';
import { clockTime, counted } from './figures.ts';
import { type Message, section } from './message.ts';
import { SAID, SHOWN, type Voice, who } from './voice.ts';

/** Counts and where to decide: who is not in a private channel finds nothing behind its link. `link` is the address of its message, null where that is not known. */
export function callMessage(batch: Batch, link: string | null): Message {
  return { text: lines(batch, link, SAID).join('\n'), blocks: [section(lines(batch, link, SHOWN))] };
}

function lines(batch: Batch, link: string | null, voice: Voice): string[] {
  const { summary, requestedBy, slack, expiresAt } = batch;
  const channel = channelName(slack?.channelId ?? '', voice);
  const where = link === null ? `in ${channel}` : `${linkTo(link, 'on its message')} in ${channel}`;
  const until = expiresAt === null ? '' : `, until ${clockTime(expiresAt)}`;
  return [
    `🙋 ${voice.strong(`Approval needed: replay ${counted(stillToReplay(batch), 'execution')}?`)} ${who(requestedBy, voice)} wants to.`,
    counts(summary, voice),
    `Decide ${where}${until}. Not in that channel? Approve it in this app's Home tab: batch ${voice.quote(shortId(batch.id), 12)}.`,
  ];
}
