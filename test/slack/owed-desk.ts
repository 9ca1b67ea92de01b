// The desk with customers who want to hear of their projects: a real receiver and a real mail server, suppressed runs, and what
// people do to have sent what these owe.

import type { Message, View } from '../../src/dev/slack/world/model.ts';
import { answering, startReceiver } from '../notify/receiver.ts';
import { startSmtpServer } from '../notify/smtp-server.ts';
import type { BenchOptions } from '../support/slack.ts';
import { until } from '../support/until.ts';
import { type Asked, known } from './desk.ts';
import { openModalDesk } from './modal-desk.ts';

export type OwedDesk = Awaited<ReturnType<typeof openOwedDesk>>;

export type Run = Asked & { readonly report: Message; readonly vendors: readonly number[] };

/** Which customers are ticked in which list. */
export type Ticked = { readonly webhook?: readonly number[]; readonly email?: readonly number[] };

const WANTS_BOTH = ['webhook', 'email'] as const;

export async function openOwedDesk(options: BenchOptions = {}) {
  /** What the receiver answers on a path, by the order of its calls; 200 beyond. */
  const answers = new Map<string, number[]>();
  const [receiver, mail] = await Promise.all([
    startReceiver((response, { path = '' }) => answering(answers.get(path)?.shift() ?? 200)(response)),
    startSmtpServer(),
  ]);
  const desk = await openModalDesk({
    ...options,
    environment: {
      WEBHOOK_ALLOW_PRIVATE: 'true',
      SMTP_URL: `smtp://127.0.0.1:${mail.port}`,
      MAIL_FROM: 'onramp@onramp.test',
      ...options.environment,
    },
  });
  const { world, slack } = desk;
  let customers = 0;
  const customer = (wants: readonly ('webhook' | 'email')[] = WANTS_BOTH) => {
    customers += 1;
    return world.vendor({
      name: `Customer ${customers}`,
      secret: 'shared',
      ...(wants.includes('webhook') && { webhook: new URL(`/hook/${customers}`, receiver.url).href }),
      ...(wants.includes('email') && { email: `crm-${customers}@customer.test` }),
    });
  };
  /** A run of so many rows for each of the customers, ended, with its report. */
  const ran = async (
    rows: readonly (readonly [vendorId: number, rows: number])[],
    text = '',
  ): Promise<Run> => {
    const ramps = [];
    for (const [vendorId, many] of rows) {
      const ramp = await world.ramp({ vendorId });
      await desk.failed(many, { ramp });
      ramps.push(ramp.uuid);
    }
    const asked = await desk.dryRun(`since=2026-05-11T00:00Z ramp=${ramps.join(',')} ${text}`);
    await desk.click(asked, 'approve');
    const report = await desk.report(asked);
    await desk.settled(asked.batchId);
    return { ...asked, report, vendors: rows.map(([vendorId]) => vendorId) };
  };
  const viewOf = (user: string, callbackId: string): Promise<View> =>
    slack.waitFor((now) => now.viewsOf(user).find((one) => one.content.callback_id === callbackId), {
      what: `${user}'s view ${callbackId}`,
    });
  const button = (run: Run, user = 'U0ADMIN', more = {}) =>
    slack.human.click({
      user,
      channel: run.channel,
      ts: run.report.ts,
      actionId: 'retry_batch_owed',
      ...more,
    });
  const opened = async (run: Run, user = 'U0ADMIN') => {
    await desk.close(user);
    await button(run, user);
    return viewOf(user, 'retry_batch_owed');
  };
  const tick = ({ webhook = [], email = [] }: Ticked) => ({
    ...(webhook.length > 0 && { retry_batch_owed_webhook: webhook.map(String) }),
    ...(email.length > 0 && { retry_batch_owed_email: email.map(String) }),
  });
  /** The sums of what is ticked, as somebody sees them before they send. */
  const sums = async (run: Run, ticked: Ticked, user = 'U0ADMIN') => {
    await opened(run, user);
    const submitted = await slack.human.submit({ user, values: tick(ticked) });
    return { submitted, view: await viewOf(user, 'retry_batch_owed_sums') };
  };
  const send = (user = 'U0ADMIN', more = {}) => slack.human.submit({ user, ...more });
  const stored = (batchId: string) =>
    world.sql<{ id: string; kind: string; status: string; vendorId: number; projectUuid: string }>(
      `select id, kind, status, vendor_id as "vendorId", project_uuid as "projectUuid"
       from retry_batch.notifications where batch_id = $1 order by vendor_id, kind, project_uuid`,
      [batchId],
    );
  return {
    ...desk,
    ...{ receiver, mail, answers, customer, ran, button, opened, sums, send, tick, stored, viewOf },
    /** What this person alone is told. */
    privately: desk.told,
    /** How many of each kind each customer of a run is told, by what is stored. */
    told: async ({ batchId, vendors }: Run) => {
      const all = await stored(batchId);
      const of = (vendorId: number, kind: string) =>
        all.filter((one) => one.vendorId === vendorId && one.kind === kind).length;
      return vendors.map((id) => ({ webhook: of(id, 'webhook'), email: of(id, 'email') }));
    },
    /** All of a run's have come to this. */
    all: (batchId: string, wanted: string) =>
      until(`all notifications are ${wanted}`, async () => {
        const found = await stored(batchId);
        return found.length > 0 && found.every(({ status }) => status === wanted) && found;
      }),
    shownReport: (run: Run) => known(slack.message(run.channel, run.report.ts), 'the report'),
    /** Resolves once the report says so. */
    reportSays: (run: Run, pattern: RegExp) =>
      slack.waitFor((now) => pattern.test(now.message(run.channel, run.report.ts)?.text ?? ''), {
        what: `a report like ${pattern}`,
      }),
  };
}
