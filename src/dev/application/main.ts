// An application that already has the runbook's endpoint, as far as the bot can see. Written from the runbook alone: it
// shares no code with the bot, so that neither can repeat the other's mistake.
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import pg from 'pg';
import { serveControl } from './control.ts';
import { type Application, PATH, serveEndpoint } from './endpoint.ts';
import { Journal } from './journal.ts';
import { deliver, json } from './reply.ts';
import { readSettings } from './settings.ts';

const settings = readSettings(process.env);
const db = new pg.Pool({
  connectionString: settings.APPLICATION_DATABASE_URL,
  max: 10,
  application_name: 'application',
});
// A connection that the database ends is one connection less, and no end of the process.
db.on('error', () => {});
db.on('connect', (client) => client.on('error', () => {}));

const server = createServer((request, response) => {
  // A caller that hung up in the middle of sending.
  route(request, response).catch(() => response.socket?.destroy());
});
const url = () => `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
const journal = new Journal(settings.APPLICATION_JOURNAL).goOn();
const application: Application = { db, settings, journal, url };

async function route(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const path = request.url?.split('?')[0] ?? '';
  if (path === PATH) return serveEndpoint(application, request, response);
  if (path.startsWith('/stand-in/')) return serveControl(application, request, response);
  request.resume();
  await deliver(json(404, { error: 'not_found' }), response);
}

server.listen(settings.APPLICATION_PORT, '127.0.0.1', () => {
  process.stdout.write(`${JSON.stringify({ listening: url() })}\n`);
});

// The calls that it has are brought to their ends.
process.once('SIGTERM', () => {
  server.close(() => void db.end().then(() => process.exit(0)));
  server.closeIdleConnections();
});
