// The files that take longest come first. On a fresh machine Jest knows of no durations, takes large files for long ones, and
// would begin these last, when there is nothing left to run beside them.
const Sequencer = require('@jest/test-sequencer').default;

const LONGEST = ['/test/chaos/', '/test/http/pages/memory.test.ts'];

module.exports = class extends Sequencer {
  /** The order of the tests' files. */
  sort(tests) {
    const isLong = ({ path }) => LONGEST.some((part) => path.includes(part));
    const sorted = super.sort(tests);
    return [...sorted.filter(isLong), ...sorted.filter((test) => !isLong(test))];
  }
};
