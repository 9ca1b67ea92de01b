// Loaded before anything else (`node -r`): a Node that can't run this says so in a sentence, where it would show a stack trace of
// its own. Must run on any Node, so it is no TypeScript and no module.
'use strict';

const NEEDED = 24;

if (Number(process.versions.node.split('.')[0]) < NEEDED) {
  process.stderr.write(
    'retry-batch needs Node ' +
      NEEDED +
      ' or newer, and this is Node ' +
      process.versions.node +
      '. Install it, or run npm ci without --omit=dev and\n' +
      '--ignore-scripts, which brings one along.\n',
  );
  process.exit(78);
}
