// One delivery of Slack's, and one customer's server, seen by somebody who wants more of them.
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { sendHttp } from '../../src/dev/slack/delivery/send-http.ts';
import { signedForm } from '../../src/dev/slack/delivery/signature.ts';
import { LONGEST_WAIT_MS } from '../../src/dev/slack/longest-wait.ts';
import { answering, startReceiver } from '../notify/receiver.ts';
import { openDesk } from '../slack/desk.ts';
import { atTheEnd, shared } from '../support/shared.ts';
import { SIGNING_SECRET, TEAM } from '../support/slack.ts';
import { until } from '../support/until.ts';

const desk = shared(() => openDesk({ environment: { WEBHOOK_ALLOW_PRIVATE: 'true' } }));

test('a signature that is written in another way makes no second delivery of the same command', async () => {
  const { ramp } = await desk.failed(1);
  const channel = desk.channel();
  const form = new URLSearchParams({
    command: '/retry-batch',
    text: `since=2026-05-11T00:00Z ramp=${ramp.uuid}`,
    team_id: TEAM,
    user_id: 'U0ONCALL',
    channel_id: channel,
    response_url: `${desk.slack.url}/response/unknown`,
  });
  const request = signedForm(form.toString(), SIGNING_SECRET);
  const signature = String(request.headers['x-slack-signature']);
  for (const spelled of [signature, `${signature}=again`, `${signature}=`]) {
    const headers = { ...request.headers, 'x-slack-signature': spelled };
    await sendHttp(`${desk.app.url}/slack/events`, { ...request, headers }, LONGEST_WAIT_MS);
    // While it is planned another one would be refused as one too many.
    await desk.posted(channel);
  }
  // Behind them: when this is planned, the others were.
  const behind = await desk.failed(1);
  await desk.dryRun(`since=2026-05-11T00:00Z ramp=${behind.ramp.uuid}`, 'U0ADMIN');
  const plans = await desk.world.sql(
    `select from retry_batch.events where action = 'asked' and evidence -> 'request' -> 'ramp_uuids' ? $1`,
    [ramp.uuid],
  );
  expect(plans).toHaveLength(1);
});

test('a customer whose server never answers delays no other customer', async () => {
  const open = { now: 0, most: 0 };
  const hung = createServer((_request, response) => {
    open.now += 1;
    open.most = Math.max(open.most, open.now);
    response.on('close', () => {
      open.now -= 1;
    });
  });
  await new Promise<void>((resolve) => hung.listen(0, '127.0.0.1', resolve));
  atTheEnd(() => hung.close().closeAllConnections());
  const receiver = await startReceiver(answering(200));
  const hanging = await desk.world.vendor({
    webhook: `http://127.0.0.1:${(hung.address() as AddressInfo).port}/`,
  });
  const slow = await desk.world.ramp({ vendorId: hanging });
  const prompt = await desk.world.ramp({ vendorId: await desk.world.vendor({ webhook: receiver.url }) });
  for (let n = 0; n < 60; n += 1) await desk.world.execution({ ramp: slow });
  const run = async (ramps: string) => {
    const asked = await desk.dryRun(`since=2026-05-11T00:00Z ramp=${ramps} suppress_notifications=false`);
    await desk.click(asked, 'approve');
    await desk.becomes(asked.batchId, 'finished');
  };
  await run(slow.uuid);
  await until('as many are under way as may be', () => open.now >= 4);
  await desk.world.execution({ ramp: prompt });
  await run(prompt.uuid);
  await until('the other customer has heard', () => receiver.received.length === 1);
  const waiting = await desk.world.sql(
    `select from retry_batch.notifications where vendor_id = $1 and status = 'queued'`,
    [hanging],
  );
  expect(waiting).toHaveLength(60);
  // A process delivers twenty at a time; four of them may be one customer's.
  expect(open.most).toBeLessThanOrEqual(4);
});
