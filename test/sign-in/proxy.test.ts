// A network whose only way out is a proxy: the provider is asked through it, as Slack is.
import { createServer } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { startBot } from '../support/process.ts';
import { atTheEnd, shared } from '../support/shared.ts';
import { until } from '../support/until.ts';
import { createWorld } from '../support/world.ts';

const world = shared(createWorld);

it('the provider is asked through the proxy; one that lets nobody through is a provider that does not answer', async () => {
  const asked: string[] = [];
  const proxy = createServer();
  proxy.on('connect', (request, client: Socket) => {
    asked.push(request.url ?? '');
    client.on('error', () => {}).end('HTTP/1.1 403 zq7 forbidden\r\ncontent-length: 0\r\n\r\n');
  });
  await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve));
  atTheEnd(() => proxy.close());
  const bot = await startBot(world, {
    HTTPS_PROXY: `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`,
    PUBLIC_ORIGIN: 'https://bot.onramp.test',
    OIDC_CLIENT_ID: 'client',
    OIDC_CLIENT_SECRET: 'secret',
    OIDC_HOSTED_DOMAIN: 'onramp.test',
  });
  const answer = await fetch(`${bot.url}/sign-in`, { redirect: 'manual' });
  expect([answer.status, await answer.text()]).toEqual([503, expect.stringContaining('does not answer')]);
  expect(new Set(asked)).toEqual(new Set(['accounts.google.com:443']));
  const line = await until('it is logged', () => bot.log().find(({ msg }) => msg === 'nobody was signed in'));
  expect(line).toMatchObject({ because: 'unavailable' });
  expect(bot.stdout()).not.toContain('zq7');
});
