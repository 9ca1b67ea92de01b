// npm run screenshots: plays the incident in the real page and writes the pictures of README and docs.
import { mkdir } from 'node:fs/promises';
import { startDemo } from '../demo/start.ts';
import { launchBrowser } from './launch.ts';
import { playAsking, playCalling } from './screenshots/asking.ts';
import { FOLDER, type Scene, startOver } from './screenshots/camera.ts';
import { playEndpoint } from './screenshots/endpoint.ts';
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
const browser = await launchBrowser();
try {
  await onDemo({ signIn: true }, async (scene) => {
    for (const parts of NIGHTS) {
      await startOver(scene);
      for (const play of parts) await play(scene);
    }
    await playPictures(scene);
  });
  await onDemo({ endpoint: true }, playEndpoint);
} finally {
  await browser.close();
}

/** Plays on a demo of its own. */
async function onDemo(
  options: Parameters<typeof startDemo>[0],
  play: (scene: Scene) => Promise<void>,
): Promise<void> {
  const demo = await startDemo(options);
  try {
    await play({ browser, demo });
  } finally {
    await demo.stop();
  }
}
