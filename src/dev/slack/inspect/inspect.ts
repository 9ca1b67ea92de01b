// Everything that a message would mention, link to or unfurl, had it been posted in real Slack. Where Slack's
// behaviour is not documented, this says yes: a test that sees nothing here can be believed.
import { eachRecord, isRecord } from '../validation/walk.ts';
import type { Message } from '../world/model.ts';
import type { Finding } from './finding.ts';
import { autoParsedIn, markupIn } from './mrkdwn.ts';

const at = (where: string, found: readonly Omit<Finding, 'where'>[]): Finding[] =>
  found.map((one) => ({ ...one, where }));

function inMrkdwn(text: string, leftAlone: boolean, where: string): Finding[] {
  const { found, rest } = markupIn(text);
  return at(where, [...found, ...(leftAlone ? [] : autoParsedIn(rest))]);
}

/** The markdown block takes Markdown's links and images as well, and can't be told to leave text alone. */
function inMarkdown(text: string, where: string): Finding[] {
  const links = [...text.matchAll(/(!?)\[([^\]]*)\]\(([^)\s]+)[^)]*\)/g)].map(([, bang, label, url]) => ({
    kind: bang ? ('image' as const) : ('link' as const),
    value: String(url),
    label: String(label),
    source: 'markup' as const,
  }));
  const rest = text.replaceAll(/!?\[[^\]]*\]\([^)]*\)/g, ' ');
  return [...at(where, links), ...inMrkdwn(rest, false, where)];
}

function inElement(record: Record<string, unknown>): Omit<Finding, 'where'>[] {
  const element = { source: 'element' } as const;
  const text = (key: string): string => String(record[key] ?? '');
  switch (record.type) {
    case 'user':
      return record.user_id ? [{ kind: 'user_mention', value: text('user_id'), ...element }] : [];
    case 'usergroup':
      return record.usergroup_id ? [{ kind: 'group_mention', value: text('usergroup_id'), ...element }] : [];
    case 'channel':
      return record.channel_id ? [{ kind: 'channel_mention', value: text('channel_id'), ...element }] : [];
    case 'team':
      return record.team_id ? [{ kind: 'group_mention', value: text('team_id'), ...element }] : [];
    case 'broadcast':
      return [{ kind: 'broadcast', value: text('range'), ...element }];
    default:
      break;
  }
  const links = ['url', 'title_url', 'video_url'].filter((key) => typeof record[key] === 'string');
  const caption = isRecord(record.text) ? record.text.text : record.text;
  const label = typeof caption === 'string' ? { label: caption } : {};
  const found: Omit<Finding, 'where'>[] = links.map((key) => ({
    kind: 'link',
    value: text(key),
    ...label,
    ...element,
  }));
  const pictures = ['image_url', 'thumbnail_url'].filter((key) => typeof record[key] === 'string');
  return [...found, ...pictures.map((key) => ({ kind: 'image', value: text(key), ...element }) as const)];
}

function inBlocks(message: Message): Finding[] {
  const findings: Finding[] = [];
  eachRecord(message.blocks ?? [], '/blocks', (record, where) => {
    if (record.type === 'mrkdwn')
      findings.push(...inMrkdwn(String(record.text), record.verbatim === true, where));
    else if (record.type === 'markdown') findings.push(...inMarkdown(String(record.text), where));
    else findings.push(...at(where, inElement(record)));
  });
  return findings;
}

/** What the message does besides being read. */
export function inspectMessage(message: Message): Finding[] {
  const leftAlone = message.parse === 'none' && !message.linkNames;
  const inText = inMrkdwn(message.text, leftAlone, '/text');
  const all = [...inText, ...inBlocks(message)];
  const links = all.filter((one) => one.kind === 'link' && /^https?:/i.test(one.value));
  const unfurls = message.unfurlLinks || message.unfurlMedia ? links : [];
  return [...all, ...unfurls.map((link) => ({ ...link, kind: 'unfurl' as const }))];
}
