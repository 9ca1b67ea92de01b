// How things stand: what a run left, the status, the Home tab, and a run that the brake holds.
import { withClient } from '../../postgres/with-client.ts';
import { approve, confirm, DESK, open, type Scene, say, shoot, toTop, whole } from './camera.ts';
import { COMMAND } from './job.ts';

/** After a run, what it left is asked for; it waits while the status is looked at. */
export async function playStanding(scene: Scene): Promise<void> {
  const priya = await open(scene, { ...DESK, as: 'U0ADMIN' });
  await priya
    .locator('#messages')
    .getByRole('button', { name: /^Dry run of the \d+ left/ })
    .click();
  await whole(priya, 'What batch');
  await toTop(priya, '#messages .msg:has-text("replayed"):has(.header)');
  await shoot(priya, 'left');
  await say(priya, '/retry-batch status');
  const status = priya.locator('.msg--ephemeral', { hasText: 'Ended last' });
  await status.waitFor();
  await status.evaluate((message) => message.scrollIntoView({ block: 'start' }));
  await shoot(priya, 'status');
  await priya.locator('.sidebar [data-act="app"]').click();
  await priya.locator('.home', { hasText: 'Lately ended' }).waitFor();
  await shoot(priya, 'home');
}

/** Each replay takes its time, so that there is a run to hold. */
const SLOW = `
  create function slow_project() returns trigger language plpgsql as
    $$ begin perform pg_sleep(0.4); return new; end $$;
  create trigger slow_project before insert on or_projects for each row execute function slow_project()`;

/** The brake is pulled while a run goes on. */
export async function playHalt(scene: Scene): Promise<void> {
  await withClient(scene.demo.databaseUrl, (client) => client.query(SLOW));
  const priya = await open(scene, { ...DESK, as: 'U0ADMIN' });
  await say(priya, COMMAND);
  await approve(priya);
  await confirm(priya);
  await priya.locator('.replies').click();
  // The first of each group have gone, and others with them.
  await priya
    .locator('#replies .msg', { hasText: /[2-9]\d of 111 tried/ })
    .first()
    .waitFor();
  await say(priya, '/retry-batch halt on');
  await priya.locator('#messages .msg--ephemeral', { hasText: 'emergency brake is on' }).waitFor();
  const bar = priya.locator('#replies .msg', { hasText: 'emergency brake is ON' }).last();
  await bar.waitFor();
  await bar.evaluate((message) => message.scrollIntoView({ block: 'center' }));
  await shoot(priya, 'halt');
}
