// Loaded before anything else (`node -r`). A Node that can't run this says so in a sentence, where it would show a stack trace of
// its own; then help is given, and wrong words are refused. Must run on any Node, so it is no TypeScript and no module.
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

// What was compiled once is kept beside the packages, where nobody writes who could not write the code itself; it halves the
// time to start. Where that folder can't be written to, everything is compiled each time.
require('node:module').enableCompileCache(`${__dirname}/../node_modules/.cache/retry-batch`);
require('./command-line.ts');
