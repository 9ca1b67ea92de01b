// A customer typed by name: shown with its number, asked for again where that is not clear, and told to nobody who may not ask.
import { randomUUID } from 'node:crypto';
import { shared } from '../support/shared.ts';
import { buttonsOf, wordsOf } from './desk.ts';
import { openReadingDesk } from './reading-desk.ts';

const desk = shared(() => openReadingDesk());

test('is the one of that name, whatever the case, and the thread says which', async () => {
  const name = `Foxglove ${randomUUID().slice(0, 8)}`;
  const vendorId = await desk.world.vendor({ name });
  await desk.failed(2, { ramp: await desk.world.ramp({ vendorId }) });
  await desk.failed(1);
  const asked = await desk.dryRun(`since=2026-05-11 vendor="${name.toUpperCase()}"`);
  expect(desk.shown(asked).text).toContain('Eligible 2');
  expect(wordsOf(await desk.details(asked))).toContain(`is ${name} (${vendorId})`);
});

test('of two customers with one name only their numbers tell', async () => {
  const name = `Twin ${randomUUID().slice(0, 8)}`;
  const ids = [await desk.world.vendor({ name }), await desk.world.vendor({ name: name.toLowerCase() })];
  const { answer } = await desk.typed(`since=2h vendor="${name}"`);
  expect(answer.text).toContain(`name of several customers (${ids.join(', ')})`);
  expect(answer.text).toContain('vendor_ids=&lt;ids&gt;');
});

test('a name that nobody has, and a part of one, is asked for again', async () => {
  await desk.world.vendor({ name: 'Larkspur Logistics' });
  for (const name of ['Larkspur', 'Nobody Inc']) {
    const { answer } = await desk.typed(`since=2h vendor="${name}"`);
    expect(answer.text).toContain(`“${name}” is no customer's whole name`);
    expect(buttonsOf(answer)).toEqual([]);
  }
});

test('with a comma in it is one customer', async () => {
  const name = `Acme ${randomUUID().slice(0, 8)}, Inc.`;
  const vendorId = await desk.world.vendor({ name });
  await desk.failed(1, { ramp: await desk.world.ramp({ vendorId }) });
  expect(desk.shown(await desk.dryRun(`since=2026-05-11 vendor="${name}"`)).text).toContain('Eligible 1');
});

test('without quotes is one slip, and a click away', async () => {
  const name = `Juniper ${randomUUID().slice(0, 8)}`;
  const vendorId = await desk.world.vendor({ name });
  await desk.failed(1, { ramp: await desk.world.ramp({ vendorId }) });
  const { channel, answer } = await desk.typed(`since=2026-05-11 vendor=${name}`);
  expect(answer.text).toContain(`vendor_ids=${vendorId}`);
  await desk.clickOn(answer);
  expect(desk.shown(await desk.posted(channel)).text).toContain('Eligible 1');
});

test('a quoted text alone that a customer is called, too, is never taken for the error', async () => {
  const name = `Hollyhock ${randomUUID().slice(0, 8)}`;
  await desk.world.vendor({ name });
  const { answer } = await desk.typed(`2h "${name}"`);
  expect(answer.text).toContain('is text to search or a customer');
  expect(buttonsOf(answer)).toEqual([]);
});

test('is told to nobody who may not ask, and neither is that there is none', async () => {
  await desk.world.vendor({ name: 'Secret Customer' });
  for (const name of ['Secret Customer', 'No Such Customer']) {
    const { answer } = await desk.typed(`since=2h vendor="${name}"`, 'U0GUEST');
    expect(answer.text).toContain('Guests of this workspace may not use the bot');
  }
});

test('who asks, and whether they may there, is looked up once for the name and the dry run together', async () => {
  const name = `Bluebell ${randomUUID().slice(0, 8)}`;
  await desk.world.vendor({ name });
  const { channel } = await desk.typed(`since=2h vendor="${name}"`);
  const asked = desk.slack
    .traffic()
    .filter((one) => one.kind === 'api' && one.method === 'conversations.info')
    .filter((one) => 'args' in one && one.args.channel === channel);
  expect(asked).toHaveLength(1);
});
