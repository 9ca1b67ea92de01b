import type { LookupAddress } from 'node:dns';
import { guardedLookup } from '../../src/notify/guarded-lookup.ts';

const MIXED: LookupAddress[] = [
  { address: '10.0.0.1', family: 4 },
  { address: '93.184.216.34', family: 4 },
  { address: '::1', family: 6 },
  { address: '2606:2800::1', family: 6 },
];

function ask(addresses: LookupAddress[], allowPrivate: boolean, all: boolean): Promise<unknown> {
  const lookup = guardedLookup(async () => addresses, allowPrivate);
  return new Promise((resolve, reject) => {
    lookup('customer.example', { all }, (error, ...answer) => (error ? reject(error) : resolve(answer)));
  });
}

describe('the addresses that a connection is given', () => {
  it('leaves out the private ones of a name that has both', async () => {
    expect(await ask(MIXED, false, true)).toEqual([[MIXED[1], MIXED[3]]]);
  });

  it('gives the first public one where only one is asked for', async () => {
    expect(await ask(MIXED, false, false)).toEqual(['93.184.216.34', 4]);
  });

  it('gives them all in the demo', async () => {
    expect(await ask(MIXED, true, true)).toEqual([MIXED]);
  });

  it('tells a name without addresses from one with private ones only', async () => {
    await expect(ask([], false, true)).rejects.toHaveProperty('code', 'ENOTFOUND');
    await expect(ask(MIXED.slice(0, 1), false, true)).rejects.toHaveProperty('code', 'PRIVATE_ADDRESS');
  });
});
