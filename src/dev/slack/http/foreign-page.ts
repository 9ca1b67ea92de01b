// Tells a request of this machine's own pages and programs from one that another web page makes a browser send.
import type { Exchange } from './exchange.ts';

/** True for a request from another web page, by its origin or by a foreign name that leads to this machine. */
export function isForeignPage({ request }: Exchange): boolean {
  const { origin, host } = request.headers;
  const isLocal = /^(127\.0\.0\.1|localhost)(:\d+)?$/.test(host ?? '');
  return !isLocal || (origin !== undefined && origin !== `http://${host}`);
}
