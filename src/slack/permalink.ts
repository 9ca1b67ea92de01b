// A batch's address in Slack, for whoever is told of it elsewhere. Asked of Slack once and kept; never worth a wait.
import type { Tx } from '../postgres/tx.ts';
import { keepLink, linkOf } from '../store/thread-links.ts';
import { batchesNamed, type Links } from './blocks/batch-name.ts';
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
  return linksBy((id) => permalinkOf(clients, tx, id), batchIds);
}

/** The address of a batch's message; null where it is not known. */
export type LinkOf = (batchId: string) => Promise<string | null>;

/** What `draw` draws, with the addresses of the batches that it names. Throws as `linkOf` does. */
export async function withLinks<Drawn>(linkOf: LinkOf, draw: (links: Links) => Drawn): Promise<Drawn> {
  const { drawn, named } = batchesNamed(draw);
  if (named.length === 0) return drawn;
  const links = await linksBy(linkOf, named);
  return links.size === 0 ? drawn : draw(links);
}

async function linksBy(linkOf: LinkOf, batchIds: readonly string[]): Promise<ReadonlyMap<string, string>> {
  const links = await Promise.all(batchIds.map(async (id) => [id, await linkOf(id)] as const));
  return new Map(links.flatMap(([id, link]) => (link === null ? [] : [[id, link] as const])));
}
