// What a row's line of the log and its count say of a reason: a code of ours, or that it is another one.
import { PassThrough } from 'node:stream';
import { pino } from 'pino';
import { createEdgeLog } from '../../src/metrics/edge-log.ts';
import { createMetrics } from '../../src/metrics/metrics.ts';

it.each([
  ['locked', 'locked'],
  ['IntegrationAuthError', 'IntegrationAuthError'],
  ['xoxb-1234567890-secret of jane.doe@acme.test', 'other'],
  ['constructor', 'other'],
])('of the reason %j it is %s', async (reason, code) => {
  const lines: string[] = [];
  const stream = new PassThrough().on('data', (line) => lines.push(String(line)));
  const metrics = createMetrics(() => Promise.reject(new Error('no database')));
  const replay = { batchId: 'b', executionUuid: 'e', outcome: 'skipped', reason, seconds: 1 } as const;
  for (const observe of [createEdgeLog(pino({ level: 'debug' }, stream)), metrics.observe])
    observe({ kind: 'replay', ...replay });
  expect(lines.map((line) => (JSON.parse(line) as { reason: string }).reason)).toEqual([code]);
  const { text } = await metrics.scrape();
  expect(text).toContain(`retry_batch_replays_total{outcome="skipped",reason="${code}"} 1`);
});
