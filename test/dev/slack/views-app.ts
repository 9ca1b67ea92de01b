// A local Slack with an app that has forms, for tests of views: what it is sent, and what it answers.
import type { LocalSlack } from '../../../src/dev/slack/local-slack.ts';
import { shared } from '../../support/shared.ts';
import { codeOf, startHttpApp, startSlack, webClient } from './bench.ts';
import { input, modal, plain } from './samples.ts';

export type Payload = Record<string, unknown>;

const clock = { now: Date.parse('2026-05-11T12:30:00Z') };

/** So much later, in milliseconds. */
export const later = (ms: number) => {
  clock.now += ms;
};
/** What the app was sent since it was emptied, and what it answers. */
export const heard: { payloads: Payload[]; answer: unknown } = { payloads: [], answer: undefined };

export const slack: LocalSlack = shared(() =>
  startSlack({ now: () => clock.now, app: { optionsUrl: true } }),
);
export const api = shared(() => webClient(slack));
export const user = 'U0ONCALL';

beforeAll(() =>
  startHttpApp(slack, (bolt) => {
    const take = async ({ ack, body }: { ack: (answer?: never) => Promise<void>; body: unknown }) => {
      heard.payloads.push(body as Payload);
      await ack(heard.answer as never);
    };
    bolt.command('/retry-batch', async ({ ack }) => ack());
    bolt.action(/.*/, take as never);
    bolt.options(/.*/, take as never);
    bolt.view(/.*/, take as never);
    bolt.view({ callback_id: /.*/, type: 'view_closed' }, take as never);
  }),
);

beforeEach(() => {
  slack.clear();
  heard.payloads = [];
  heard.answer = undefined;
});

export const trigger = async (channel = 'C0INCIDENT') =>
  (await slack.human.command({ user, channel, command: '/retry-batch' })).triggerId ?? '';

export const field = (id: string, element: object = {}, more: object = {}) => ({
  ...input({ type: 'plain_text_input', action_id: id, ...element }),
  block_id: `${id}_block`,
  optional: true,
  ...more,
});
export const form = (...blocks: unknown[]) => modal({ callback_id: 'form', submit: plain('Send'), blocks });

export async function open(view: object, channel?: string) {
  const opened = await api.views.open({ trigger_id: await trigger(channel), view: view as never });
  heard.payloads = [];
  return opened.view ?? {};
}

export const opening = async (view: object) =>
  codeOf(api.views.open({ trigger_id: await trigger(), view: view as never }));
