// npm run screenshots: plays the incident in the real page and writes the pictures of README and docs.
import { mkdir } from 'node:fs/promises';
import { startDemo } from '../demo/start.ts';
import { launchBrowser } from './launch.ts';
import { playAsking, playCalling } from './screenshots/asking.ts';
import { FOLDER, type Scene, startOver } from './screenshots/camera.ts';
import { playBroken, playJob, playOwed, playPages } from './screenshots/job.ts';
import { playPictures } from './screenshots/pictures.ts';
import { playHalt, playStanding } from './screenshots/standing.ts';

/** What is played on one incident, from its beginning on; the next ones find it as it was. */
const NIGHTS: readonly (readonly ((scene: Scene) => Promise<void>)[])[] = [
  [playJob, playOwed, playPages, playStanding],
  [playAsking, playCalling],
  [playHalt],
  [playBroken],
];

await mkdir(FOLDER, { recursive: true });
const [demo, browser] = await Promise.all([startDemo({ signIn: true }), launchBrowser()]);
const scene: Scene = { browser, demo };
try {
  for (const parts of NIGHTS) {
    await startOver(scene);
    for (const play of parts) await play(scene);
  }
  await playPictures(scene);
} finally {
  await browser.close();
  await demo.stop();
}
