// A private answer where Slack gives no address to answer to: a direct message, for which chat:write is enough.
import type { RespondArguments, RespondFn } from '@slack/bolt';
import type { SlackClients } from '../clients.ts';

/** Answers like Bolt's `respond`; rejects where Slack does not take the message. */
export function inDirectMessage({ post }: SlackClients, userId: string): RespondFn {
  return async (answer: string | RespondArguments) => {
    const { text = '', ...more } = typeof answer === 'string' ? { text: answer } : answer;
    const shown = 'blocks' in more && more.blocks !== undefined ? { blocks: more.blocks } : {};
    await post.chat.postMessage({
      ...{ channel: userId, text, ...shown },
      ...{ parse: 'none', unfurl_links: false, unfurl_media: false },
    });
    return new Response();
  };
}
