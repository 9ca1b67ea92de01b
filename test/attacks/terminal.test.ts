// A customer names himself, and an operator reads the name in a terminal.
import { randomUUID } from 'node:crypto';
import { visible, visibleLines } from '../../src/text/visible.ts';
import { spawnFile } from '../support/process.ts';
import { shared } from '../support/shared.ts';
import { createWorld } from '../support/world.ts';

const world = shared(createWorld);
const FORGED = 'Acme\u001b[2K\r\u009b1A0 parked\n\u202eeverything is fine\u0007\u200b';

test('npm run notifications shows a name with escape codes on one line, and sends none of them', async () => {
  const vendorId = await world.vendor();
  await world.sql('update or_vendors set name = $2 where id = $1', [vendorId, FORGED]);
  await world.sql(
    `insert into retry_batch.notifications
       (batch_id, execution_id, project_uuid, vendor_id, kind, content, status, ended_at, last_failure)
     values ($1, 1, $1, $2, 'webhook', '{}', 'parked', now(), $3)`,
    [randomUUID(), vendorId, FORGED],
  );
  const ran = spawnFile('src/commands/notifications.ts', ['parked'], { DATABASE_URL: world.url });
  expect(await ran.exited).toMatchObject({ code: 0 });
  const lines = ran.stdout().split('\n');
  expect(lines).toHaveLength(3);
  expect(ran.stdout()).not.toMatch(/(?!\n)[\p{Cc}\p{Cf}]/u);
  expect(lines[0]).toMatch(/^id +kind +customer/);
  expect(lines[1]).toContain('Acme\\u{1b}[2K');
});

test('what a command fails with is shown, not sent, too', async () => {
  const ran = spawnFile('src/commands/identity.ts', ['map', 'T1', 'U1', FORGED], { DATABASE_URL: world.url });
  expect(await ran.exited).toMatchObject({ code: 1 });
  expect(ran.stdout() + ran.stderr()).not.toMatch(/(?!\n)[\p{Cc}\p{Cf}]/u);
});

test('ordinary text of any language is shown as it is', () => {
  for (const text of ['Ana-Sofía & Söhne GmbH', 'می‌خواهم', '株式会社', '👩‍🚀', 'a | b\\n'])
    expect(visible(text)).toBe(text);
  expect(visibleLines('a,b\r\nc\u001b,d\r\n')).toBe('a,b\r\nc\\u{1b},d\r\n');
});

test('who ran a command is the user of this machine and the role of the database, SUDO_USER only beside them', async () => {
  const { email } = await world.user();
  const ran = spawnFile('src/commands/identity.ts', ['map', 'T0ONRAMP', 'U0SUDO', email], {
    DATABASE_URL: world.url,
    SUDO_USER: 'somebody-else',
  });
  expect(await ran.exited).toMatchObject({ code: 0 });
  const event = await world.one<{ name: string }>(
    `select actor ->> 'name' as name from retry_batch.events where action = 'identity_mapped'`,
  );
  expect(event.name).toMatch(
    new RegExp(`^uid ${process.getuid?.()} .*as postgres, SUDO_USER somebody-else$`),
  );
});
