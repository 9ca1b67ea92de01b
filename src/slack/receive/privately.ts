// Private answers to what has no address to answer to: a form that was sent, and a shortcut that is used from anywhere.
import { wordsView } from '../blocks/form.ts';
import { callSlack, type SlackResult } from '../clients.ts';
import type { Respond, SlackContext } from './context.ts';

/** Answers in the channel, where only this person sees it; where that can't be, as a direct message. */
export function answerIn({ clients }: SlackContext, userId: string, channelId: string | null): Respond {
  return answering(clients, userId, (text, thread) =>
    channelId === null
      ? null
      : callSlack(() =>
          clients.ask.chat.postEphemeral({
            ...{ channel: channelId, user: userId, text, parse: 'none' },
            ...(thread === undefined ? {} : { thread_ts: thread }),
          }),
        ),
  );
}

/** Answers in a modal; where none can be opened any more, as a direct message. */
export function answerInModal(
  { clients }: SlackContext,
  userId: string,
  triggerId: string | undefined,
): Respond {
  return answering(clients, userId, (text) =>
    triggerId === undefined
      ? null
      : callSlack(() => clients.ask.views.open({ trigger_id: triggerId, view: wordsView(text) })),
  );
}

/** Tries the first way; where Slack refuses that or never heard of it, writes to the person. */
function answering(
  clients: SlackContext['clients'],
  userId: string,
  first: (text: string, thread: string | undefined) => Promise<SlackResult<unknown>> | null,
): Respond {
  return async ({ text = '', thread_ts: thread }) => {
    const tried = await first(text, thread);
    if (tried?.kind === 'ok') return;
    // It may be there already.
    if (tried?.failure.kind === 'unreachable' && tried.failure.sent) return;
    const direct = {
      channel: userId,
      text,
      parse: 'none',
      unfurl_links: false,
      unfurl_media: false,
    } as const;
    const sent = await callSlack(() => clients.post.chat.postMessage(direct));
    if (sent.kind === 'failed') throw new Error(`no private answer could be given: ${sent.failure.kind}`);
  };
}
