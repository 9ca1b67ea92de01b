// Errors that differ only in their variable parts are one group; errors that differ in their words are not.

import { shared } from '../support/shared.ts';
import { createWorld, REGRESSION } from '../support/world.ts';

const world = shared(createWorld);

async function group(message: string | null, type: string | null = null): Promise<string> {
  const found = await world.one<{ group: string }>(`select retry_batch.error_group($1, $2) as "group"`, [
    type,
    message,
  ]);
  return found.group;
}

describe('an error group', () => {
  it('is the error type with the message', async () => {
    expect(await group('no account', 'MissingRelatedAccountError')).toBe(
      'MissingRelatedAccountError: no account',
    );
    expect(await group('no account')).toBe('no account');
    expect(await group(null, 'KeyError')).toBe('KeyError');
    expect(await group(null)).toBe('');
  });

  it.each([
    ['a number', 'after 30 tries', 'after <n> tries'],
    ['a number with a fraction', 'took 1.25 s of 1,000', 'took <n> s of <n>'],
    ['a negative number', 'offset -3', 'offset -<n>'],
    ['a number in a word', 'step2 failed', 'step<n> failed'],
    ['a UUID', 'no ramp 3f0e1d2c-4b5a-4988-8776-655443322110', 'no ramp <uuid>'],
    ['a UUID in capitals', 'no ramp 3F0E1D2C-4B5A-4988-8776-655443322110.', 'no ramp <uuid>.'],
    ['an e-mail address', 'no user ann.lee+1@mail.acme-corp.co.uk', 'no user <email>'],
    ['an address in brackets', 'to <ann@acme.com>, bounced', 'to <<email>>, bounced'],
    ['a value in single quotes', "no field 'Account Name' there", 'no field <value> there'],
    ['a value in double quotes', 'no field "Account Name" there', 'no field <value> there'],
    ['a value in backticks', 'no field `account.name`', 'no field <value>'],
    ['a value in printed quotes', 'no field “Account” or ‘Name’', 'no field <value> or <value>'],
    ['an empty quoted value', "got ''", 'got <value>'],
    ['a quoted value in brackets', "KeyError('name')", 'KeyError(<value>)'],
    ['a quoted address', "no user 'ann@acme.com'", 'no user <value>'],
    [
      'a hexadecimal digest',
      'commit 9fceb02d0ae598e95dc970b74767f19372d61af8 is gone',
      'commit <hex> is gone',
    ],
    ['an address in memory', 'object at 0x7f3c9d1e2a50', 'object at <hex>'],
    ['a long number', 'record 123456789012', 'record <n>'],
  ])('has a placeholder for %s', async (_, message, expected) => {
    expect(await group(message)).toBe(expected);
  });

  it.each([
    ['words that happen to be hexadecimal letters', 'a defaced facade was added'],
    ["an apostrophe's half", "can't connect, won't retry"],
    ['other scripts', 'Konto für Müller fehlt — アカウントなし'],
  ])('leaves %s alone', async (_, message) => {
    expect(await group(message)).toBe(message);
  });

  it("tells the regression's variable apart from nothing else", async () => {
    const expected = 'cannot access local variable <value> where it is not associated with a value';
    expect(await group(REGRESSION)).toBe(expected);
    expect(await group(REGRESSION.replace('new_task', 'old_task'))).toBe(expected);
    expect(await group(REGRESSION.replace('access', 'find'))).not.toBe(expected);
  });

  it.each([
    ['how long a value before its end is', "id '", 'x'],
    ['how long a number before its end is', "row '", '7'],
  ])('of a long message does not depend on %s', async (_, start, filler) => {
    const long = (value: string) => `${start}${value}' ${'and then it went wrong; '.repeat(30)}`;
    expect(await group(long(filler.repeat(3)))).toBe(await group(long(filler.repeat(700))));
  });

  it('of a message of a megabyte is still short', async () => {
    expect((await group('went wrong; '.repeat(100_000))).length).toBeLessThanOrEqual(500);
  });
});

describe('what grouping costs', () => {
  /** Milliseconds for a thousand groups of texts like this, of 2,000 characters each: the least of several. */
  async function costOf(piece: string): Promise<number> {
    const text = piece.repeat(Math.ceil(2000 / piece.length)).slice(0, 2000);
    const costs: number[] = [];
    for (let n = 0; n < 5; n += 1) {
      const from = performance.now();
      await world.sql(
        `select count(retry_batch.error_group('E', $1 || n::text)) from generate_series(1, 200) n`,
        [text.slice(0, 1990)],
      );
      costs.push(performance.now() - from);
    }
    return Math.min(...costs);
  }

  it.each([
    ['quoted values', `'a' `],
    ['quotes that never end', '‘'],
    ['quotes in words', "a'b"],
    ['numbers', '1.2 '],
    ['hexadecimal', '0123abcd '],
    ['addresses', 'a@b.c '],
    ['halves of addresses', 'a@'],
    ['dashes', '0123abcd-'],
  ])('is by the length of the text, also where it is full of %s', async (_, piece) => {
    const ordinary = 'cannot access local variable where it is not associated with a value. ';
    // What costs more does so however often it is measured; a single measure says how busy the machine was.
    const ratios: number[] = [];
    while (ratios.length < 20 && !ratios.some((ratio) => ratio < 25))
      ratios.push((await costOf(piece)) / (await costOf(ordinary)));
    expect(Math.min(...ratios)).toBeLessThan(25);
  });
});
