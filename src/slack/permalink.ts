// A batch's address in Slack, for whoever is told of it elsewhere. Asked of Slack once and kept; never worth a wait.
import type { Tx } from '../postgres/tx.ts';
import { keepLink, linkOf } from '../store/thread-links.ts';
import { callSlack, type SlackClients } from './clients.ts';

/** Nothing in it can end a link in Slack's markup. */
const ADDRESS = /^https?:\/\/[^\s<>|]+$/;

/** The address of a batch's message; null where there is none, or Slack does not say it now. Throws as `Tx.query` does. */
export async function permalinkOf(clients: SlackClients, tx: Tx, batchId: string): Promise<string | null> {
  const known = await linkOf(tx, batchId);
  if (known === undefined || known.link !== null) return known?.link ?? null;
  const { channelId, messageTs } = known;
  const asked = await callSlack(() =>
    clients.ask.chat.getPermalink({ channel: channelId, message_ts: messageTs }),
  );
  const link = asked.kind === 'ok' ? asked.value.permalink : undefined;
  if (link === undefined || !ADDRESS.test(link)) return null;
  await keepLink(tx, batchId, link);
  return link;
}

/** The same of several, by batch id; what has none is not in it. */
export async function permalinksOf(
  clients: SlackClients,
  tx: Tx,
  batchIds: readonly string[],
): Promise<ReadonlyMap<string, string>> {
  const links = await Promise.all(
    batchIds.map(async (id) => [id, await permalinkOf(clients, tx, id)] as const),
  );
  return new Map(links.flatMap(([id, link]) => (link === null ? [] : [[id, link] as const])));
}
