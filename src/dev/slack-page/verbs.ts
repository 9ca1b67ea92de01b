// What a window may ask for besides looking: a click with what was seen, a mark of what was read, a bad day, a
// fresh execution, a fresh start.
import type { Values } from '../slack/human/fill.ts';
import { isRecord } from '../slack/validation/walk.ts';
import { own } from './render/context.ts';
import { FAULTS } from './view/faults.ts';
import type { PageState } from './view/page-view.ts';

type Body = Readonly<Record<string, unknown>>;
type Verb = (state: PageState, body: Body) => unknown;

const text = (body: Body, name: string): string => {
  const value = body[name];
  if (typeof value !== 'string') throw new Error(`${name} is missing`);
  return value;
};

const maybe = (body: Body, name: string): string | undefined =>
  typeof body[name] === 'string' && body[name] !== '' ? body[name] : undefined;

const value = (given: unknown): string | string[] | undefined => {
  if (typeof given === 'string') return given;
  return Array.isArray(given) ? given.map(String) : undefined;
};

/** The page has asked before it sends a click, so whoever clicks has confirmed. */
function click({ slack, seen }: PageState, body: Body): unknown {
  const typed = maybe(body, 'viewId');
  if (typed !== undefined && isRecord(body.values)) {
    slack.human.fill({ user: text(body, 'user'), viewId: typed, values: body.values as Values });
  }
  const blocks = seen.find(maybe(body, 'version') ?? '');
  const chosen = value(body.value);
  const [ts, viewId, channel, blockId] = ['ts', 'viewId', 'channel', 'blockId'].map((name) =>
    maybe(body, name),
  );
  return slack.human.click({
    user: text(body, 'user'),
    actionId: text(body, 'actionId'),
    confirm: 'accept',
    ...(blockId === undefined ? {} : { blockId }),
    ...(viewId === undefined ? {} : { viewId }),
    ...(ts === undefined ? {} : { ts }),
    ...(channel === undefined ? {} : { channel }),
    ...(chosen === undefined ? {} : { value: chosen }),
    ...(blocks === undefined || viewId !== undefined ? {} : { seen: blocks }),
  });
}

function fault({ slack }: PageState, body: Body): unknown {
  const preset = own(FAULTS, text(body, 'name'));
  if (!preset) throw new Error('there is no such fault');
  return { id: slack.fault(preset.order) };
}

async function fire({ outside }: PageState, body: Body): Promise<unknown> {
  if (!outside.executions) throw new Error('there is no workflow engine here');
  return { said: await outside.executions.fire(text(body, 'outcome'), text(body, 'time')) };
}

async function order({ outside }: PageState, body: Body): Promise<unknown> {
  if (!outside.application) throw new Error('the bot makes its replays itself here');
  await outside.application.order(text(body, 'name'));
  return {};
}

async function mend({ outside }: PageState, body: Body): Promise<unknown> {
  if (!outside.causes) throw new Error('there is nothing to mend here');
  return { said: await outside.causes.mend(text(body, 'cause')) };
}

async function fix({ outside }: PageState, body: Body): Promise<unknown> {
  if (!outside.fix) throw new Error('there is nothing to deploy here');
  const verb = text(body, 'verb');
  if (verb !== 'deploy' && verb !== 'undo') throw new Error('there is no such verb');
  return { said: await outside.fix[verb]() };
}

async function reset({ outside, reads }: PageState): Promise<unknown> {
  if (!outside.reset) throw new Error('there is nothing to start over');
  if (outside.isStartingOver?.()) throw new Error('the incident is being started over already');
  await outside.reset();
  reads.clear();
  return {};
}

export const VERBS: Readonly<Record<string, Verb>> = {
  click,
  fault,
  fire,
  order,
  mend,
  fix,
  reset,
  read: ({ reads }, body) => ({
    news: reads.read(text(body, 'user'), text(body, 'channel'), text(body, 'ts'), maybe(body, 'thread')),
  }),
};
