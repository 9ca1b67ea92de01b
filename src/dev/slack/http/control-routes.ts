// /human/* and /control/*: the human side and the controls over HTTP, for bots in other processes and for a page.
import type { FaultOrder } from '../faults.ts';
import type { Click } from '../human/click.ts';
import type { TypedCommand } from '../human/command.ts';
import type { Filling, Search } from '../human/fill.ts';
import type { HomeVisit } from '../human/home.ts';
import type { Edited, Said } from '../human/people.ts';
import type { GlobalUse, MessageUse } from '../human/shortcut.ts';
import type { Closing, Submission } from '../human/submit.ts';
import type { LocalSlack } from '../local-slack.ts';
import { isRecord } from '../validation/walk.ts';
import type { Channel, User } from '../world/model.ts';
import { streamChanges } from './change-stream.ts';
import { bodyOf, type Exchange, sendJson, sendText } from './exchange.ts';
import { isForeignPage } from './foreign-page.ts';

type Body = Record<string, unknown>;
type Verb = (slack: LocalSlack, body: Body) => unknown;

const text = (body: Body, name: string): string => {
  const value = body[name];
  if (typeof value !== 'string') throw new Error(`${name} is missing`);
  return value;
};

/** Bodies have the same fields as the in-process calls; what they lack, the call itself complains about. */
const VERBS: Record<string, Verb> = {
  'human/command': (slack, body) => slack.human.command(body as unknown as TypedCommand),
  'human/click': (slack, body) => slack.human.click(body as unknown as Click),
  'human/select': (slack, body) => slack.human.click(body as unknown as Click),
  'human/submit': (slack, body) => slack.human.submit(body as unknown as Submission),
  'human/close': (slack, body) => slack.human.close(body as unknown as Closing),
  'human/fill': (slack, body) => slack.human.fill(body as unknown as Filling),
  'human/suggest': (slack, body) => slack.human.suggest(body as unknown as Search),
  'human/click-in-view': (slack, body) => slack.human.clickInView(body as unknown as Click),
  'human/open-shortcut': (slack, body) => slack.human.openShortcut(body as unknown as GlobalUse),
  'human/message-shortcut': (slack, body) => slack.human.messageShortcut(body as unknown as MessageUse),
  'human/open-home': (slack, body) => slack.human.openHome(body as unknown as HomeVisit),
  'human/edit': (slack, body) => slack.human.edit(body as unknown as Edited),
  'human/dismiss': (slack, body) => slack.human.dismiss({ user: text(body, 'user'), ts: text(body, 'ts') }),
  'human/say': (slack, body) => slack.human.say(body as unknown as Said),
  'human/delete-message': (slack, body) => slack.human.deleteMessage(text(body, 'channel'), text(body, 'ts')),
  'human/lock-thread': (slack, body) =>
    slack.human.lockThread(text(body, 'channel'), text(body, 'ts'), body.locked !== false),
  'human/invite': (slack, body) => slack.human.invite(text(body, 'channel'), text(body, 'user')),
  'human/kick': (slack, body) => slack.human.kick(text(body, 'channel'), text(body, 'user')),
  'human/change-user': (slack, body) =>
    slack.human.changeUser(text(body, 'user'), body.change as Partial<User>),
  'human/change-channel': (slack, body) =>
    slack.human.changeChannel(text(body, 'channel'), body.change as Partial<Channel>),
  'control/fault': (slack, body) => ({ id: slack.fault(body as unknown as FaultOrder) }),
  'control/clear-faults': (slack, body) =>
    slack.clearFaults(body.id === undefined ? undefined : text(body, 'id')),
  'control/redeliver': (slack, body) => slack.redeliver(text(body, 'id')),
  'control/request-url': (slack, body) =>
    slack.setRequestUrl(body.url === undefined ? undefined : text(body, 'url')),
  'control/disconnect': (slack, body) => slack.disconnectSockets(body.how === 'cut' ? 'cut' : 'refresh'),
};

type Look = (slack: LocalSlack, query: URLSearchParams) => unknown;

const asked = (query: URLSearchParams, name: string): string => {
  const value = query.get(name);
  if (value === null) throw new Error(`?${name}= is missing`);
  return value;
};

const LOOKS: Record<string, Look> = {
  team: (slack) => slack.team,
  commands: (slack) => slack.commands(),
  users: (slack) => slack.users(),
  channels: (slack) => slack.channels(),
  messages: (slack, query) => slack.channelMessages(asked(query, 'channel')),
  thread: (slack, query) => slack.thread(asked(query, 'channel'), asked(query, 'ts')),
  ephemerals: (slack, query) => slack.ephemeralsOf(asked(query, 'user')),
  views: (slack, query) => slack.viewsOf(asked(query, 'user')),
  home: (slack, query) => slack.homeOf(asked(query, 'user')) ?? {},
  files: (slack) => slack.files().map(({ content: _, ...file }) => file),
  traffic: (slack) => slack.traffic(),
  faults: (slack) => slack.activeFaults(),
  sockets: (slack) => ({ open: slack.openSockets() }),
  inspect: (slack, query) => {
    const message = slack.message(asked(query, 'channel'), asked(query, 'ts'));
    return message ? slack.inspect(message) : [];
  },
};

const PRINTS: Record<string, (slack: LocalSlack, query: URLSearchParams) => string> = {
  'print-channel': (slack, query) => slack.printChannel(asked(query, 'channel')),
  'print-thread': (slack, query) => slack.printThread(asked(query, 'channel'), asked(query, 'ts')),
  'print-view': (slack, query) => {
    const view = slack.human.view(asked(query, 'user')) ?? slack.homeOf(asked(query, 'user'));
    return view ? slack.printView(view) : '(nothing is open)\n';
  },
  'print-ephemerals': (slack, query) => slack.printEphemerals(asked(query, 'user')),
};

async function runVerb(slack: LocalSlack, exchange: Exchange, verb: Verb): Promise<void> {
  const body: unknown = JSON.parse((await bodyOf(exchange)).toString('utf8') || '{}');
  if (!isRecord(body)) throw new Error('the body must be a JSON object');
  sendJson(exchange, 200, (await verb(slack, body)) ?? { ok: true });
}

/** The routes; a mistake of the caller is a 400 that says which. */
export function controlRoutes(slackOf: () => LocalSlack): (exchange: Exchange) => Promise<boolean> {
  return async (exchange) => {
    const path = exchange.url.pathname.slice(1);
    if (!path.startsWith('human/') && !path.startsWith('control/')) return false;
    const slack = slackOf();
    try {
      if (isForeignPage(exchange)) throw new Error('this comes from another site');
      const verb = exchange.request.method === 'POST' ? VERBS[path] : undefined;
      const name = exchange.request.method === 'GET' ? path.replace('control/', '') : '';
      const look = LOOKS[name];
      const print = PRINTS[name];
      if (verb) await runVerb(slack, exchange, verb);
      else if (name === 'events') streamChanges(slack, exchange);
      else if (look) sendJson(exchange, 200, look(slack, exchange.url.searchParams));
      else if (print) sendText(exchange, 200, print(slack, exchange.url.searchParams));
      else return false;
    } catch (error) {
      sendJson(exchange, 400, { ok: false, error: error instanceof Error ? error.message : String(error) });
    }
    return true;
  };
}
