// The replayer that has the application make the replays: one POST a call, to the runbook's endpoint. It follows no redirect,
// believes no more than 4 MiB, and hands on nothing of a body that isn't the endpoint's own JSON.
import {
  type ClientRequest,
  Agent as HttpAgent,
  type IncomingMessage,
  request as requestHttp,
} from 'node:http';
import { Agent as HttpsAgent, request as requestHttps } from 'node:https';
import type { TLSSocket } from 'node:tls';
import type { CallAnswer, CallOrder, EndpointReplayer } from '../engine/ports.ts';
import { answerOf, type Received } from './endpoint-answer.ts';

export type EndpointOptions = {
  readonly url: string;
  readonly apiKey: string;
  readonly apiSecret: string;
  readonly timeoutSeconds: number;
  /** The way out, and which hosts are reached without it (as NO_PROXY has them); null where there is none. */
  readonly proxy: { readonly url: string; readonly direct: string } | null;
};

/** A dry run waits no longer than this for the endpoint's word. */
const ASK_MS = 5000;
const MOST_BYTES = 4 * 1024 * 1024;

/** A replayer over the endpoint at `url`. Connects nothing yet. */
export function createEndpointReplayer(options: EndpointOptions): EndpointReplayer {
  const { host } = new URL(options.url);
  let wasAsked = false;
  let trouble: string | null = null;
  const heard = (answer: CallAnswer): CallAnswer => {
    wasAsked = true;
    trouble = troubleOf(answer, host);
    return answer;
  };
  return {
    kind: 'endpoint',
    host,
    timeoutSeconds: options.timeoutSeconds,
    status: () => (trouble !== null ? `degraded: ${trouble}` : wasAsked ? 'ok' : 'not asked yet'),
    call: async (order, sendBefore) =>
      heard(await post(options, bodyOf(order, false), options.timeoutSeconds * 1000, sendBefore)),
    ask: async (executionUuid) => {
      const order = {
        executionUuids: [executionUuid],
        suppressNotifications: true,
        errorPattern: null,
        forceRetry: false,
      };
      const milliseconds = Math.min(ASK_MS, options.timeoutSeconds * 1000);
      const answer = heard(await post(options, bodyOf(order, true), milliseconds, Number.POSITIVE_INFINITY));
      return troubleOf(answer, host);
    },
  };
}

function bodyOf(order: CallOrder, dryRun: boolean): string {
  return JSON.stringify({
    execution_uuids: order.executionUuids,
    suppress_notifications: order.suppressNotifications,
    dry_run: dryRun,
    ...(order.errorPattern === null ? {} : { error_pattern: order.errorPattern }),
    ...(order.forceRetry ? { force_retry: true } : {}),
  });
}

/** One POST, written once it is connected and not after `sendBefore`. */
function post(
  { url, apiKey, apiSecret, proxy }: EndpointOptions,
  body: string,
  timeoutMs: number,
  sendBefore: number,
): Promise<CallAnswer> {
  const secure = url.startsWith('https:');
  const began = performance.now();
  // A connection of its own: one that was kept may have been closed by the other side, and then nobody knows what arrived.
  const outgoing = (secure ? requestHttps : requestHttp)(url, {
    method: 'POST',
    agent: agentFor(secure, proxy),
    headers: {
      'content-type': 'application/json',
      'content-length': Buffer.byteLength(body),
      accept: 'application/json',
      'user-agent': 'retry-batch',
      authorization: apiKey,
      'or-internal-api-auth-secret': apiSecret,
    },
  });
  return new Promise((resolve) => {
    let written = false;
    const end = (answer: CallAnswer) => {
      clearTimeout(late);
      clearTimeout(unsent);
      outgoing.destroy();
      resolve(answer);
    };
    const failed = (why: string) =>
      end(written ? { kind: 'lost', status: null, why } : { kind: 'not_sent', why });
    const late = setTimeout(() => failed(`no answer within ${Math.round(timeoutMs / 1000)} s`), timeoutMs);
    const wait = Math.min(sendBefore - began, timeoutMs);
    const unsent = setTimeout(
      () => written || failed('the endpoint took no connection in time'),
      Math.max(0, wait),
    );
    outgoing.on('error', (error: NodeJS.ErrnoException) => failed(inWords(error)));
    whenConnected(outgoing, secure, () => {
      // Asked in the same breath as it is written: a process that was stopped until now must not send any more.
      if (performance.now() > sendBefore) return failed('this process was stopped before it could send');
      written = true;
      outgoing.end(body);
    });
    outgoing.on('response', (response) => {
      receive(response)
        .then((received) => end(answerOf(received)))
        .catch((error: unknown) => failed(inWords(error)));
    });
  });
}

function agentFor(secure: boolean, proxy: EndpointOptions['proxy']): HttpAgent {
  const options = { keepAlive: false };
  if (!secure || proxy === null) return secure ? new HttpsAgent(options) : new HttpAgent(options);
  return new HttpsAgent({ ...options, proxyEnv: { HTTPS_PROXY: proxy.url, NO_PROXY: proxy.direct } });
}

function whenConnected(outgoing: ClientRequest, secure: boolean, act: () => void): void {
  outgoing.on('socket', (socket) => {
    if (secure && (socket as Handshake).secureConnecting) socket.once('secureConnect', act);
    else if (socket.connecting) socket.once('connect', act);
    else act();
  });
}

/** Node's own flag, which its types lack. */
type Handshake = TLSSocket & { readonly secureConnecting?: boolean };

async function receive(response: IncomingMessage): Promise<Received> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of response) {
    const part = Buffer.from(chunk);
    bytes += part.byteLength;
    if (bytes > MOST_BYTES) throw new Error('an answer of more than 4 MiB');
    chunks.push(part);
  }
  if (!response.complete) throw new Error('the connection was cut in the middle of the answer');
  const { 'retry-after': retryAfter, date } = response.headers;
  const text = Buffer.concat(chunks).toString('utf8');
  return { status: response.statusCode ?? 0, retryAfter, date, text };
}

/** An error's code tells enough; its message may hold addresses. */
function inWords(error: unknown): string {
  const { code, message } = error as NodeJS.ErrnoException;
  if (code === undefined) return message;
  return WORDS[code] ?? `the connection failed (${code})`;
}

const WORDS: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'the connection was refused',
  ECONNRESET: 'the connection was cut',
  EPIPE: 'the connection was cut',
  ENOTFOUND: "the endpoint's name can't be found",
  EAI_AGAIN: "the endpoint's name can't be looked up just now",
  ETIMEDOUT: 'the endpoint took no connection in time',
};

function troubleOf(answer: CallAnswer, host: string): string | null {
  switch (answer.kind) {
    case 'answered':
      return null;
    case 'busy':
      return `${host} answers ${answer.status}`;
    case 'refused':
      return answer.says;
    case 'not_sent':
      return `${host} can't be reached: ${answer.why}`;
    case 'lost':
      return `${host} gave no answer: ${answer.why}`;
  }
}
