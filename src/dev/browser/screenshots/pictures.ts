// The batch page's picture of failures, and the table beside it, in the cases that differ: the fix is live or not, many, one.
import {
  approve,
  confirm,
  DESK,
  open,
  openNewest,
  type Scene,
  say,
  shootPage,
  signIn,
  startOver,
  succeed,
  TALL,
  toTop,
} from './camera.ts';
import { type Failures, fail, MINUTE, putBack } from './failures.ts';

const minutesAgo = (minutes: number) => Date.now() - minutes * MINUTE;

/** One after the other, each on an incident of its own. */
export async function playPictures(scene: Scene): Promise<void> {
  const { demo } = scene;
  await startOver(scene);
  const incident = { from: minutesAgo(200), to: minutesAgo(90), count: 240, bend: 1.6 };
  await ask(scene, incident);
  await run(scene);
  await putBack(demo.databaseUrl, 25);
  await picture(scene, 'picture-live');

  await startOver(scene);
  await ask(scene, { ...incident, revoked: true });
  await run(scene);
  await putBack(demo.databaseUrl, 25);
  await fail(demo.databaseUrl, { count: 34, from: minutesAgo(24), to: minutesAgo(1) });
  await picture(scene, 'picture-not-live');

  await startOver(scene);
  await ask(scene, { ...incident, count: 100_000 });
  await picture(scene, 'picture-many');

  await startOver(scene);
  await ask(scene, { ...incident, count: 1, from: minutesAgo(31), to: minutesAgo(31) });
  await picture(scene, 'picture-one');
}

/** The failures come up, the workflows run again, and Nadia asks for the dry run. */
async function ask(scene: Scene, failures: Failures): Promise<void> {
  const { databaseUrl } = scene.demo;
  await fail(databaseUrl, failures);
  await succeed(scene.demo);
  const minute = (at: number) => `${new Date(at).toISOString().slice(0, 16)}:00Z`;
  const [since, until] = [minute(failures.from - MINUTE), minute(failures.to + 2 * MINUTE)];
  const nadia = await open(scene, { ...DESK, as: 'U0ONCALL' });
  await say(nadia, `/retry-batch since=${since} until=${until} error=new_task`);
  await nadia.locator('#messages .btn', { hasText: /^Approve/ }).waitFor();
}

async function run(scene: Scene): Promise<void> {
  const priya = await open(scene, { ...DESK, as: 'U0ADMIN' });
  await approve(priya);
  await confirm(priya);
  await priya.locator('#messages .header', { hasText: /replayed/ }).waitFor();
}

async function picture(scene: Scene, name: string): Promise<void> {
  const page = await signIn(scene, TALL);
  await openNewest(page);
  await page.locator('summary', { hasText: 'The same as a table' }).click();
  await toTop(page, '#picture');
  await shootPage(page, name);
}
