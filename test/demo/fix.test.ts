// Deploy the fix, Break it again: what the page's buttons do to the database and to Sentry, and what the bot then says.
import { INCIDENT } from '../../src/dev/incident/seed.ts';
import { buttonsOf } from '../slack/desk.ts';
import { sharedDemo } from './shared-demo.ts';

const CHANNEL = 'C0INCIDENT';

const demo = sharedDemo();

async function press(verb: string): Promise<string> {
  const answer = await fetch(`${demo.slack.url}/page/fix`, {
    method: 'POST',
    body: JSON.stringify({ verb }),
  });
  return ((await answer.json()) as { said: string }).said;
}

async function rail(): Promise<string> {
  const answer = await fetch(`${demo.slack.url}/page/view?as=U0ADMIN&channel=${CHANNEL}`);
  return ((await answer.json()) as { regions: { rail: string } }).regions.rail;
}

it('broken again, the gate closes: the database and Sentry have new failures, and the button is Approve anyway', async () => {
  const issue = /sentry=([A-Z0-9-]+)/.exec(await rail())?.[1] ?? '';
  const text = `since=${INCIDENT.since} until=${INCIDENT.until} error=new_task sentry=${issue}`;
  await demo.slack.human.command({ user: 'U0ONCALL', channel: CHANNEL, command: '/retry-batch', text });
  const { ts } = await demo.slack.waitFor((now) => now.channelMessages(CHANNEL)[0], { what: 'the dry run' });
  const shown = () => demo.slack.message(CHANNEL, ts);
  await demo.slack.waitFor(() => /Sentry ONRAMP-\w+: last event 2026-05-11/.test(shown()?.text ?? ''), {
    what: 'what Sentry says',
  });
  expect(buttonsOf(shown() ?? {})).toContain('approve');
  expect(await press('undo')).toMatch(/^Broken: 3 new executions failed/);
  expect(await rail()).toContain('The bug is back');
  await demo.slack.human.click({
    ...{ user: 'U0ADMIN', channel: CHANNEL, ts },
    actionId: 'retry_batch_approve',
    confirm: 'accept',
  });
  await demo.slack.waitFor(() => buttonsOf(shown() ?? {}).includes('approve_anyway'), {
    what: 'Approve anyway',
  });
  expect(shown()?.text).toContain('3 executions failed like this');
  expect(await press('deploy')).toMatch(/^Deployed: 5 new executions succeeded/);
  expect(await press('toString')).toBeUndefined();
});
