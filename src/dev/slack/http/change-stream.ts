// GET /control/events: every change as a server-sent event, for a page that redraws what changed.
import type { LocalSlack } from '../local-slack.ts';
import type { Exchange } from './exchange.ts';

/** Sends changes until the reader goes away. */
export function streamChanges(slack: LocalSlack, { request, response }: Exchange): void {
  response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-store' });
  response.write('retry: 500\n\n');
  const stop = slack.onChange((change) => {
    response.write(`event: ${change.kind}\ndata: ${JSON.stringify(change)}\n\n`);
  });
  request.on('close', stop);
}
