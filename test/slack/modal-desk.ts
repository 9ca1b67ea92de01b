// The desk with everything of the manifest: shortcuts, and searches in a modal; and short words for what people do there.

import { readFile } from 'node:fs/promises';
import { parse } from 'yaml';
import { defaultCast } from '../../src/dev/slack/cast.ts';
import { appOfManifest } from '../../src/dev/slack/manifest.ts';
import type { View } from '../../src/dev/slack/world/model.ts';
import { type BenchOptions, SIGNING_SECRET } from '../support/slack.ts';
import { until } from '../support/until.ts';
import { type Asked, type Desk, openDesk } from './desk.ts';

export type ModalDesk = Awaited<ReturnType<typeof openModalDesk>>;

/** What a request has that is stored with a batch. */
type Stored = Readonly<Record<string, unknown>>;

export async function openModalDesk(options: BenchOptions = {}) {
  const manifest = appOfManifest(parse(await readFile('manifest.yml', 'utf8')));
  const { bot } = defaultCast();
  const app = {
    ...bot,
    signingSecret: SIGNING_SECRET,
    botToken: 'xoxb-local',
    appToken: 'xapp-local',
    ...manifest,
  };
  const desk = await openDesk({ ...options, slack: { ...options.slack, app } });
  return { ...desk, ...withModals(desk) };
}

function withModals({ slack, world, command, channel }: Desk) {
  /** The view that a person has open by now, once it is the form. */
  const opened = (user: string): Promise<View> =>
    slack.waitFor((now) => now.viewsOf(user).find((one) => one.content.callback_id === 'retry_batch_modal'), {
      what: `${user}'s form`,
    });
  const close = async (user: string) => {
    if (slack.human.view(user) !== undefined) await slack.human.close({ user, all: true });
  };
  return {
    opened,
    /** Opens the form with the bare command in a channel that no other test uses. */
    form: async (user = 'U0ONCALL', where = channel()) => {
      await close(user);
      await command('', user, where);
      return { channel: where, view: await opened(user) };
    },
    close,
    /** What stands in the form's inputs, by block. */
    inputs: (view: View) =>
      Object.fromEntries(
        Object.entries(slack.valuesOf(view)).map(([block, fields]) => {
          const { type: _, ...held } = Object.values(fields)[0] ?? { type: '' };
          return [block, Object.values(held)[0]];
        }),
      ),
    request: async ({ batchId }: Pick<Asked, 'batchId'>) =>
      (
        await world.one<{ request: Stored }>('select request from retry_batch.batches where id = $1', [
          batchId,
        ])
      ).request,
    /** The dry run of a channel in which others write as well. */
    stored: (where: string) =>
      until('the dry run is stored', async () => {
        const sql = 'select batch_id as "batchId" from retry_batch.slack_threads where channel_id = $1';
        return (await world.sql<{ batchId: string }>(sql, [where]))[0];
      }),
    /** How many dry runs there are in a channel. */
    asked: async (where: string) =>
      (await world.sql('select from retry_batch.slack_threads where channel_id = $1', [where])).length,
    /** What a person has been told privately, in channels or directly. */
    toldDirectly: (user: string, pattern: RegExp) =>
      slack.waitFor(
        (now) =>
          [
            ...now.ephemeralsOf(user),
            ...now.visibleTo(user).flatMap(({ id }) => now.channelMessages(id)),
          ].find(({ text }) => pattern.test(text)),
        { what: `${user} is told ${pattern}` },
      ),
    refused: (because: string) =>
      until(`a refusal in the trail: ${because}`, async () => {
        const sql = `select evidence from retry_batch.events where action = 'refused' and evidence ->> 'because' = $1`;
        return (await world.sql(sql, [because]))[0];
      }),
  };
}

export const seconds = (time: string): string => String(Date.parse(time) / 1000);
