// A load balancer keeps its connections for 60 s and sends the next request over one of them; it must still be there.
import { sharedCaller } from '../support/caller.ts';
import { ENDPOINT } from '../support/http.ts';

const { app } = sharedCaller();

it.each(['/healthz', '/readyz', ENDPOINT, '/slack/events', '/nowhere'])(
  'a connection over which %s was asked is kept for longer than a load balancer keeps it',
  async (path) => {
    const answer = await fetch(`${app.url}${path}`, { headers: { connection: 'keep-alive' } });
    await answer.arrayBuffer();
    const [, seconds] = /timeout=(\d+)/.exec(answer.headers.get('keep-alive') ?? '') ?? [];
    expect(Number(seconds)).toBeGreaterThan(60);
  },
);
