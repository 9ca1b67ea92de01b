// npm run words: what somebody on call has to read, in words and pixels, measured in the real page on the seeded incident and on
// one of 3,000 rows. Ends with 1 where it is more than the Slack contract allows.
import { launchBrowser } from '../browser/launch.ts';
import { startDemo } from '../demo/start.ts';
import { INCIDENT } from '../incident/seed.ts';
import { multiplyIncident } from './many-rows.ts';
import { approveOnPhone, PHONE, play, wordsOfAll } from './measure.ts';

type Figure = {
  readonly name: string;
  readonly value: number;
  readonly unit: string;
  /** At most; null where it is only told. */
  readonly limit: number | null;
};

const WINDOW = `since=${INCIDENT.since} until=${INCIDENT.until} error=new_task`;
const MANY = 3000;

async function measure(): Promise<Figure[]> {
  const [demo, browser] = await Promise.all([startDemo(), launchBrowser()]);
  try {
    const incident = await play(demo, WINDOW, (dryRun) => approveOnPhone(browser, demo, dryRun));
    const since = await multiplyIncident(demo.databaseUrl, MANY);
    const many = await play(demo, `since=${since}`, async () => null);
    const phone = incident.seen ?? { ends: Number.NaN, covered: Number.NaN };
    return [
      { name: 'dry run', value: wordsOfAll([incident.dryRun]), unit: 'words', limit: 120 },
      { name: 'Approve ends at, on a phone', value: phone.ends, unit: 'px', limit: PHONE.height },
      { name: '… where the box to type in begins', value: phone.covered, unit: 'px', limit: null },
      { name: 'report', value: wordsOfAll([incident.report]), unit: 'words', limit: 130 },
      { name: 'attention from command to report', value: incident.attention, unit: 's', limit: 120 },
      { name: 'the details of the dry run', value: wordsOfAll(incident.details), unit: 'words', limit: null },
      { name: 'the thread of the run', value: wordsOfAll(incident.thread), unit: 'words', limit: null },
      { name: 'from the end to the report', value: incident.reportSeconds, unit: 's', limit: 5 },
      { name: `of ${MANY} rows: the details`, value: wordsOfAll(many.details), unit: 'words', limit: null },
      { name: '… the thread of the run', value: wordsOfAll(many.thread), unit: 'words', limit: 250 },
      { name: '… from the end to the report', value: many.reportSeconds, unit: 's', limit: 5 },
    ];
  } finally {
    await browser.close();
    await demo.stop();
  }
}

const figures = await measure();
// What could not be measured keeps to no limit.
const isOver = ({ value, limit }: Figure) => limit !== null && !(value <= limit);
for (const figure of figures) {
  const { name, value, unit, limit } = figure;
  const most = limit === null ? '' : `  (at most ${limit})`;
  const shown = Number.isInteger(value) ? String(value) : value.toFixed(1);
  process.stdout.write(
    `${name.padEnd(34)}${shown.padStart(7)} ${unit}${most}${isOver(figure) ? '  TOO MUCH' : ''}\n`,
  );
}
process.exit(figures.some(isOver) ? 1 : 0);
