// The job in front of an application that makes the replays: its calls beside the thread, and the report in its words.
import type { Scene } from './camera.ts';
import { approve, confirm, DESK, open, say, shoot, toTop, whole } from './camera.ts';
import { COMMAND } from './job.ts';

/** The application's calls, with the bad days that can be ordered of it. */
export async function playEndpoint(scene: Scene): Promise<void> {
  const priya = await open(scene, { ...DESK, as: 'U0ADMIN' });
  await say(priya, COMMAND);
  await whole(priya, 'Matched 154');
  await approve(priya);
  await confirm(priya);
  await priya.locator('#messages .header', { hasText: /replayed/ }).waitFor();
  await priya.locator('.replies').first().click();
  await priya.locator('#thread .file', { hasText: 'results-' }).waitFor();
  await toTop(priya, '#thread .msg:has(.header):has-text("replayed"):has-text("Never tried")');
  await priya.locator('#rail button', { hasText: 'Calls and bad days' }).click();
  await priya.locator('#panel', { hasText: 'replay of 25 rows' }).waitFor();
  await shoot(priya, 'endpoint');
}
