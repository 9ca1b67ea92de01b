// What the app says with an acknowledgement or to a response URL becomes a message, public or private.
import type { Core } from '../core.ts';
import { validateMessageBlocks } from '../validation/validate.ts';
import { type Block, isRecord } from '../validation/walk.ts';
import { invalidArguments, Refusal, refusalOf } from '../web-api/refusal.ts';
import { type Content, edit, post, remove, rewhisper, threadRoot, whisper } from '../world/posting.ts';
import type { ResponseTarget } from '../world/single-use.ts';
import { findMessage } from '../world/world.ts';

function contentOf(body: Record<string, unknown>): Content {
  const text = typeof body.text === 'string' ? body.text : '';
  const { blocks } = body;
  if (blocks !== undefined) {
    const verdict = validateMessageBlocks(blocks);
    // Reports say that the sum over all blocks isn't enforced on this way in.
    if (!verdict.ok && verdict.error !== 'msg_blocks_too_long')
      throw refusalOf(verdict.error, verdict.problems);
  }
  if (text.trim() === '' && (!Array.isArray(blocks) || blocks.length === 0)) throw new Refusal('no_text');
  return {
    text,
    ...(Array.isArray(blocks) ? { blocks: blocks as Block[] } : {}),
    parse: body.parse === 'none' || body.parse === 'full' ? body.parse : 'default',
    unfurlLinks: body.unfurl_links !== false,
    unfurlMedia: body.unfurl_media !== false,
  };
}

function replaceSource(core: Core, target: ResponseTarget, content: Content | undefined): void {
  const { world } = core;
  const { source } = target;
  if (!source) throw invalidArguments('there is no original message to replace or delete');
  if (source.kind === 'ephemeral') {
    const ephemeral = world.ephemerals.find((one) => one.ts === source.ts);
    if (!ephemeral) throw new Refusal('message_not_found');
    rewhisper(world, ephemeral, content);
    return;
  }
  const message = findMessage(world, target.channel, source.ts);
  if (!message) throw new Refusal('message_not_found');
  if (content) edit(world, message, content);
  else remove(world, target.channel, source.ts);
}

/** Does what the answer asks for; throws a Refusal where Slack would refuse it. */
export function applyAppAnswer(core: Core, target: ResponseTarget, body: Record<string, unknown>): void {
  const { world } = core;
  if (body.delete_original === true) {
    replaceSource(core, target, undefined);
    return;
  }
  const content = contentOf(body);
  if (body.replace_original === true && target.source) {
    replaceSource(core, target, content);
    return;
  }
  const wanted = typeof body.thread_ts === 'string' ? body.thread_ts : undefined;
  const root = wanted ? threadRoot(world, target.channel, wanted) : undefined;
  if (wanted && !root) throw new Refusal('thread_not_found');
  const place = { channel: target.channel, ...(root ? { threadTs: root.ts } : {}) };
  if (body.response_type === 'in_channel') post(world, world.app.botUserId, place, content);
  else whisper(world, target.user, 'app', place, content);
}

/** Reads an acknowledgement's body: JSON, or plain text that is the message itself. */
export function readAppAnswer(contentType: string, body: string): Record<string, unknown> | undefined {
  if (body.trim() === '') return undefined;
  if (!contentType.includes('json')) return { text: body };
  const parsed: unknown = JSON.parse(body);
  if (typeof parsed === 'string') return { text: parsed };
  return isRecord(parsed) && Object.keys(parsed).length > 0 ? parsed : undefined;
}
