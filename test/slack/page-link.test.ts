// From a message in Slack to the batch's page, and from there back to the message.
import { linkTo } from '../http/pages/reader.ts';
import { shared } from '../support/shared.ts';
import { openDesk } from './desk.ts';

const ORIGIN = 'https://bot.example.com';
const desk = shared(() => openDesk({ environment: { PUBLIC_ORIGIN: ORIGIN } }));

test('dry run and report lead to the page, and the page to the message', async () => {
  const { executions, ...asked } = await desk.waiting(2);
  const link = `<${ORIGIN}/batches/${asked.batchId}|${asked.batchId.slice(0, 8)}>`;
  expect(JSON.stringify(desk.shown(asked).blocks)).toContain(link);
  await desk.click(asked, 'approve');
  const report = await desk.report(asked);
  expect(JSON.stringify(report.blocks)).toContain(link);
  const cookie = await desk.world.session(desk.admin.id);
  const page = await fetch(`${desk.app.url}/batches/${asked.batchId}`, { headers: { cookie } });
  const back = linkTo(await page.text(), 'Its message in Slack');
  expect(back).toMatch(new RegExp(`^http.*${asked.channel}.*${asked.ts.replace('.', '')}`));
});
