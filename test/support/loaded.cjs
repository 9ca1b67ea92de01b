// Loaded before a script (NODE_OPTIONS): writes down, at its end, every module that it has loaded.
'use strict';

const { writeFileSync } = require('node:fs');
const { registerHooks } = require('node:module');

const loaded = [];
registerHooks({
  load: (url, context, next) => {
    loaded.push(url);
    return next(url, context);
  },
});
process.on('exit', () => writeFileSync(process.env.LOADED, loaded.join('\n')));
