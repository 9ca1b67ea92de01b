// A list of a thousand rows that somebody filled up is written while others go on.
import { setImmediate } from 'node:timers/promises';
import { parseInstant } from '../../src/domain/instant.ts';
import type { ResultRow } from '../../src/domain/plan.ts';
import { createBreath } from '../../src/text/breath.ts';
import { resultsCsv } from '../../src/text/csv.ts';

test('work is interrupted where it has taken its time, and goes on at once where it has not', async () => {
  let now = 0;
  const breathe = createBreath(() => now);
  let others = 0;
  const counting = (async () => {
    for (;;) {
      await setImmediate();
      others += 1;
      if (others > 1000) return;
    }
  })();
  for (let n = 0; n < 50; n += 1) await breathe();
  expect(others).toBe(0);
  now = 10;
  await breathe();
  expect(others).toBeGreaterThan(0);
  await counting;
});

test('between the rows of a file others have their turn', async () => {
  const createdAt = parseInstant('2026-05-11T12:30:00Z');
  if (createdAt === undefined) throw new Error('no such instant');
  const row: ResultRow = {
    executionUuid: '3f2a9c1e-5b7d-4e8f-9a0b-1c2d3e4f5a6b',
    vendorId: 7,
    vendorName: 'Acme',
    rampUuid: '3f2a9c1e-5b7d-4e8f-9a0b-1c2d3e4f5a6b',
    rampName: 'Onboarding',
    createdAt,
    outcome: 'error',
    projectUuid: null,
    errorType: 'x',
    errorMessage: 'password="a" user@acme.com eyJ://@%40 '.repeat(2000),
    reason: null,
    detail: null,
  };
  let turns = 0;
  let writing = true;
  const others = (async () => {
    while (writing) {
      await setImmediate();
      turns += 1;
    }
  })();
  let lines = 0;
  for await (const line of resultsCsv(Array.from({ length: 300 }, () => row))) {
    lines += 1;
    expect(line.length).toBeLessThan(6000);
  }
  writing = false;
  await others;
  expect(lines).toBe(301);
  expect(turns).toBeGreaterThan(2);
});
