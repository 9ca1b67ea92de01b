// The stand-in's control plane, for tests: orders faults and lists calls. No application has this.
import type { IncomingMessage, ServerResponse } from 'node:http';
import { z } from 'zod';
import { isAllowed } from './access.ts';
import { type Application, readBody } from './endpoint.ts';
import { Fault } from './faults.ts';
import { deliver, json, type Whole } from './reply.ts';
import { parseJson } from './request.ts';

/** Takes one of its requests, with the endpoint's key and secret. */
export async function serveControl(
  application: Application,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const body = await readBody(request);
  const answer = isAllowed(request.headers, application.settings)
    ? control(application, `${request.method} ${request.url}`, body)
    : json(401, { error: 'unauthenticated' });
  await deliver(answer, response);
}

function control({ journal }: Application, verb: string, body = ''): Whole {
  const id = /^DELETE \/stand-in\/faults\/(.+)$/.exec(verb)?.[1];
  if (id !== undefined) {
    journal.remove(id);
    return json(200, journal.ordered());
  }
  switch (verb) {
    case 'POST /stand-in/faults': {
      const orders = z.array(Fault).safeParse([parseJson(body)].flat());
      if (!orders.success) return json(400, { error: 'invalid_request', issues: orders.error.issues });
      return json(201, { ids: orders.data.map((fault) => journal.order(fault)) });
    }
    case 'GET /stand-in/faults':
      return json(200, journal.ordered());
    case 'DELETE /stand-in/faults':
      for (const ordered of journal.ordered()) journal.remove(ordered.id);
      return json(200, []);
    case 'GET /stand-in/calls':
      return json(200, journal.calls());
    default:
      return json(404, { error: 'not_found' });
  }
}
