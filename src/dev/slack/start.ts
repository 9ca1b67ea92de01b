// Starts a local Slack: the only file that knows every part of it.
import type { Core } from './core.ts';
import { type Courier, createCourier } from './delivery/deliver.ts';
import { createSockets, type Sockets } from './delivery/sockets.ts';
import { createFaults } from './faults.ts';
import { controlRoutes } from './http/control-routes.ts';
import { listen } from './http/server.ts';
import { createHuman } from './human/human.ts';
import { inspectMessage } from './inspect/inspect.ts';
import { isMentioned } from './inspect/mentioned.ts';
import type { LocalSlack, LocalSlackOptions } from './local-slack.ts';
import { LONGEST_WAIT_MS } from './longest-wait.ts';
import { printChannel, printEphemerals, printThread } from './print/print-messages.ts';
import { printView } from './print/print-view.ts';
import { createTraffic } from './traffic.ts';
import { permalinkOf } from './web-api/chat.ts';
import { createLimiter } from './web-api/limiter.ts';
import { conversationsFor, visibleTo } from './world/conversations.ts';
import { clearWorld, restoreWorld, saveWorld } from './world/keep.ts';
import { createOffers } from './world/offers.ts';
import { createResponseUrls, createTriggers } from './world/single-use.ts';
import { stackOf, valuesOf } from './world/view-stack.ts';
import { appFacts, createWorld, findMessage, messagesOf, repliesOf, type World } from './world/world.ts';

/** Slack's own patience. */
const DEFAULT_ACK_TIMEOUT_MS = 3_000;

type Rules = { readonly limiter: boolean; readonly ackTimeoutMs: number };

function assemble(world: World, rules: Rules, baseUrl: string, sockets: Sockets): Core {
  return {
    world,
    triggers: createTriggers(world.now, rules.ackTimeoutMs),
    responseUrls: createResponseUrls(world.now),
    offers: createOffers(),
    faults: createFaults(world.changes),
    traffic: createTraffic(world.changes, world.now),
    limiter: createLimiter(rules.limiter, world.now),
    baseUrl,
    newSocketUrl: () => `${baseUrl.replace('http:', 'ws:')}/link?ticket=${sockets.newTicket()}`,
  };
}

type Views = Pick<
  LocalSlack,
  | 'commands'
  | 'app'
  | 'channels'
  | 'users'
  | 'usergroups'
  | 'channelMessages'
  | 'thread'
  | 'message'
  | 'replyCount'
  | 'ephemeralsOf'
  | 'viewsOf'
  | 'homeOf'
  | 'valuesOf'
  | 'visibleTo'
  | 'conversationsFor'
  | 'isMentioned'
  | 'files'
  | 'permalink'
  | 'inspect'
  | 'save'
  | 'clear'
  | 'printChannel'
  | 'printThread'
  | 'printView'
  | 'printEphemerals'
>;

function reading(core: Core): Views {
  const { world } = core;
  return {
    commands: () => world.app.commands,
    app: () => appFacts(world.app),
    channels: () => [...world.channels.values()],
    users: () => [...world.users.values()],
    usergroups: () => [...world.usergroups.values()],
    channelMessages: (id) => messagesOf(world, id).filter((one) => !one.threadTs || one.broadcast),
    thread: (id, ts) =>
      [findMessage(world, id, ts), ...repliesOf(world, id, ts)].filter((one) => one !== undefined),
    message: (id, ts) => findMessage(world, id, ts),
    replyCount: (id, ts) => repliesOf(world, id, ts).length,
    ephemeralsOf: (user) => world.ephemerals.filter((one) => one.to === user && !one.dismissed),
    viewsOf: (user) => stackOf(world, user),
    homeOf: (user) => world.homes.get(user),
    valuesOf: (view) => valuesOf(world, view),
    visibleTo: (user) => visibleTo(world, user),
    conversationsFor: (user, element) => conversationsFor(world, user, element),
    isMentioned: (user, message) => isMentioned(world, user, message),
    files: () => [...world.files.values()].filter((file) => file.state === 'shared'),
    permalink: (message) => permalinkOf(core, message),
    inspect: inspectMessage,
    save: () => saveWorld(world),
    clear: () => clearWorld(world),
    printChannel: (id) => printChannel(world, id),
    printThread: (id, ts) => printThread(world, id, ts),
    printView: (view) => printView(world, view),
    printEphemerals: (user) => printEphemerals(world, user),
  };
}

/** What a failed wait says: the last lines of the traffic, which usually show why. */
function recentTraffic(core: Core): string {
  const lines = core.traffic
    .entries()
    .slice(-8)
    .map((entry) => {
      const what =
        entry.kind === 'api' ? entry.method : entry.kind === 'delivery' ? entry.payload : entry.kind;
      const answer = 'answer' in entry ? JSON.stringify(entry.answer)?.slice(0, 200) : undefined;
      return `  ${entry.id} ${what} ${'outcome' in entry ? entry.outcome : (answer ?? 'no answer')}`;
    });
  return lines.length > 0 ? `\nThe last traffic:\n${lines.join('\n')}` : '\nThere was no traffic.';
}

function facade(core: Core, courier: Courier, sockets: Sockets, stop: () => Promise<void>): LocalSlack {
  const { world, faults } = core;
  const slack: LocalSlack = {
    ...reading(core),
    apiUrl: `${core.baseUrl}/api/`,
    url: core.baseUrl,
    team: world.team,
    human: createHuman(core, courier),
    setRequestUrl: (url) => courier.setRequestUrl(url),
    traffic: () => core.traffic.entries(),
    fault: (order) => faults.order(order),
    clearFaults: (id) => faults.clear(id),
    activeFaults: () => faults.active(),
    redeliver: (id) => courier.redeliver(id),
    openSockets: () => sockets.open(),
    disconnectSockets: (how) => (how === 'refresh' ? sockets.refresh() : sockets.cut()),
    onChange: (listener) => world.changes.subscribe(listener),
    waitFor: (look, { timeoutMs = LONGEST_WAIT_MS, what = 'what was waited for' } = {}) =>
      world.changes.until(
        () => look(slack),
        timeoutMs,
        () => `${what} did not happen within ${timeoutMs} ms.${recentTraffic(core)}`,
      ),
    stop,
  };
  return slack;
}

/** Starts a local Slack on the loopback address. Stop it when done: it holds a port. */
export async function startLocalSlack(options: LocalSlackOptions): Promise<LocalSlack> {
  const { app, limiter = false, now = Date.now, ackTimeoutMs = DEFAULT_ACK_TIMEOUT_MS } = options;
  const world = createWorld({ ...options, now });
  if (options.saved) restoreWorld(world, options.saved);
  const sockets = createSockets(world);
  const late: { core?: Core; slack?: LocalSlack } = {};
  const must = <T>(value: T | undefined): T => {
    if (value === undefined) throw new Error('the local Slack is still starting');
    return value;
  };
  const routes = [controlRoutes(() => must(late.slack)), ...(options.routes ?? [])];
  const { server, baseUrl } = await listen(
    options.port ?? 0,
    () => must(late.core),
    () => sockets,
    routes,
  );
  const core = assemble(world, { limiter, ackTimeoutMs }, baseUrl, sockets);
  const requestUrl = app.requestUrl;
  const courier = createCourier({ core, sockets, ackTimeoutMs, ...(requestUrl ? { requestUrl } : {}) });
  const stop = async (): Promise<void> => {
    core.faults.clear();
    world.changes.close();
    await sockets.close();
    const closed = new Promise((resolve) => server.close(resolve));
    server.closeAllConnections();
    await closed;
  };
  late.core = core;
  late.slack = facade(core, courier, sockets, stop);
  return late.slack;
}
