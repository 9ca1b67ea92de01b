// The demo on a database of its own, for all tests of a file.
import { randomUUID } from 'node:crypto';
import { type Demo, startDemo } from '../../src/dev/demo/start.ts';
import { atTheEnd, shared } from '../support/shared.ts';

export function sharedDemo(options: { readonly endpoint?: boolean } = {}): Demo {
  return shared(async () => {
    const server = String(process.env.TEST_POSTGRES_URL);
    const demo = await startDemo({
      ...options,
      server: { url: server, urlOf: (name) => server.replace(/\/[^/]*$/, `/${name}`) },
      database: `demo_${randomUUID().replaceAll('-', '')}`,
      template: process.env.TEST_TEMPLATE,
    });
    atTheEnd(() => demo.stop());
    return demo;
  });
}
