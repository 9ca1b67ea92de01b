// GET /page/events: tells each open window that something changed. It says neither what nor to whom: the window
// asks for what it shows, and what another person may not see never leaves the server.
import type { Exchange } from '../slack/http/exchange.ts';
import type { LocalSlack } from '../slack/local-slack.ts';
import type { Outside } from './outside.ts';

/** Changes that come together are told together. */
const GATHER_MS = 20;

/** Streams until the window is closed. */
export function streamTicks(slack: LocalSlack, outside: Outside, { request, response }: Exchange): void {
  response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-store' });
  response.write('retry: 500\n\ndata: hello\n\n');
  let timer: NodeJS.Timeout | undefined;
  const tick = (): void => {
    timer ??= setTimeout(() => {
      timer = undefined;
      response.write('data: changed\n\n');
    }, GATHER_MS);
  };
  const stops = [slack.onChange(tick), outside.onChange?.(tick)];
  request.on('close', () => {
    clearTimeout(timer);
    for (const stop of stops) stop?.();
  });
}
