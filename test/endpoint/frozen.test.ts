// A bot that stands still between marking its rows and sending them, and clocks that disagree.
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { request as requestHttp } from 'node:http';
import { createServer as createHttps } from 'node:https';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { selfSigned } from '../notify/certificate.ts';
import type { BotProcess } from '../support/process.ts';
import { atTheEnd, shared } from '../support/shared.ts';
import { until } from '../support/until.ts';
import { callsFor } from './aftermath.ts';
import { openFront } from './front.ts';

const front = shared(() => openFront({ environment: { REPLAY_TIMEOUT_SECONDS: '2' } }));

const listen = (server: ReturnType<typeof createServer>) =>
  new Promise<number>((resolve) => {
    server.listen(0, '127.0.0.1', () => resolve((server.address() as AddressInfo).port));
  });

/**
 * TLS in front of the application. While it holds, who connects gets no further than that: what he says is kept for him until
 * it is let go.
 */
async function openGate() {
  const { key, cert } = selfSigned('localhost');
  const folder = await mkdtemp(join(tmpdir(), 'retry-batch-gate-'));
  atTheEnd(() => rm(folder, { recursive: true }));
  const authority = join(folder, 'ca.pem');
  await writeFile(authority, cert);
  let arrived = 0;
  const tls = createHttps({ key, cert }, (request, response) => {
    arrived += 1;
    const { method, headers, url = '' } = request;
    const onward = requestHttp(`${front.application.url}${url}`, { method, headers }, (answer) => {
      response.writeHead(answer.statusCode ?? 500, answer.headers);
      answer.pipe(response);
    });
    onward.on('error', () => response.destroy());
    request.pipe(onward);
  });
  const inner = await listen(tls);
  const waiting = new Set<Socket>();
  let holds = false;
  const pass = (near: Socket) => {
    const far = connect(inner, '127.0.0.1');
    near.pipe(far).pipe(near);
    for (const socket of [near, far])
      socket.on('error', () => {
        near.destroy();
        far.destroy();
      });
  };
  const outer = createServer((near) => {
    near.on('error', () => {});
    if (!holds) return pass(near);
    waiting.add(near);
  });
  const port = await listen(outer);
  atTheEnd(() => {
    outer.close();
    tls.close();
    tls.closeAllConnections();
    for (const near of waiting) near.destroy();
  });
  return {
    environment: {
      REPLAY_URL: `https://localhost:${port}/api/ramps/executions/retry-batch`,
      NODE_EXTRA_CA_CERTS: authority,
    },
    arrived: () => arrived,
    hold: () => {
      holds = true;
    },
    isHeld: () => waiting.size > 0,
    /** Whoever connects from now on gets through. */
    open: () => {
      holds = false;
    },
    /** And those that wait get on. */
    letGo: () => {
      for (const near of waiting) pass(near);
      waiting.clear();
    },
  };
}

/** Of a bot that is frozen: nothing but the time that a request may take to be written keeps it from sending. */
const PATIENT = { REPLAY_TIMEOUT_SECONDS: '30' };

let bot: BotProcess;

beforeAll(() => {
  bot = front.bot;
});

/** Three rows that a bot has marked as sent and can't send: it waits at the gate, which was passed so often before. */
async function heldAtTheGate() {
  const gate = await openGate();
  bot = await front.replace(bot, { ...gate.environment, ...PATIENT });
  const rows = await front.failed(3);
  const asked = await front.dryRun(rows);
  gate.hold();
  await front.approve(asked);
  await front.untilSent(1);
  await until('it connects', gate.isHeld);
  return { gate, rows, asked, before: gate.arrived() };
}

/** Resolves when the oldest of the rows that are sent has been so for longer than a request may take to be written. */
const untilTooLate = () =>
  until('it is too late to send', async () => {
    const [late] = await front.world.sql(
      `select from retry_batch.sent_rows where sent_at < clock_timestamp() - interval '2.5 seconds'`,
    );
    return late !== undefined;
  });

describe('a bot that is stopped between marking and sending', () => {
  it('takes its marks back when it goes on too late, and sends them anew', async () => {
    const { gate, asked, before } = await heldAtTheGate();
    bot.kill('SIGSTOP');
    await untilTooLate();
    // Its handshake ends while it stands still: the first that it sees is a connection.
    gate.letGo();
    await front.world.sql('select pg_sleep(0.2)');
    bot.kill('SIGCONT');
    await until('its rows are its own again', async () => (await front.books(asked)).sent === 0);
    expect(gate.arrived()).toBe(before);
    gate.open();
    await front.ends(asked);
    expect(await front.books(asked)).toEqual(front.eachOnce(3));
    expect((await front.outcomesOf(asked)).map((one) => one.tries)).toEqual([null, null, null]);
  });

  it('sends nothing, and settles nothing, when another one has done its rows meanwhile', async () => {
    const { gate, rows, asked, before } = await heldAtTheGate();
    const frozen = bot;
    frozen.kill('SIGSTOP');
    bot = await front.start();
    await front.ends(asked);
    const books = await front.books(asked);
    expect(books).toEqual(front.eachOnce(3));
    gate.letGo();
    frozen.kill('SIGCONT');
    await until('it is alive again', async () => (await fetch(`${frozen.url}/healthz`)).ok);
    await until('it has left the run', () => frozen.log().some((line) => line.msg === 'run left'));
    expect(gate.arrived()).toBe(before);
    expect(await front.books(asked)).toEqual(books);
    const told = await front.world.sql(
      `select from retry_batch.events where batch_id = $1 and action = 'replayed'`,
      [asked.batchId],
    );
    expect(told).toHaveLength(3);
    expect(callsFor(front, rows).flatMap(({ named }) => named)).toHaveLength(3);
    frozen.kill('SIGKILL');
    await frozen.exited;
  });
});

/** Every clock that the process asks is an hour behind. */
const BEHIND = `data:text/javascript,${encodeURIComponent(`
  const Real = Date;
  globalThis.Date = class extends Real {
    constructor(...given) { if (given.length === 0) super(Real.now() - 3_600_000); else super(...given); }
    static now() { return Real.now() - 3_600_000; }
  };`)}`;

describe('where clocks are an hour apart', () => {
  it('the application’s entries, an hour ahead or behind the database, are told by their number and not by their time', async () => {
    await front.world.sql(`
      create function public.other_clock() returns trigger language plpgsql as $$
      begin
        new.created_at = now() + case when new.execution_id % 2 = 0 then interval '1 hour' else interval '-1 hour' end;
        return new;
      end $$;
      create trigger other_clock before insert on or_workflow_history for each row execute function public.other_clock()`);
    const rows = await front.failed(6);
    await front.goesWrong({ kind: 'slow', ms: 0 }, { kind: 'answer_lost' });
    const asked = await front.run(rows);
    await front.ends(asked);
    expect(await front.books(asked)).toEqual(front.eachOnce(6));
    await front.world.sql('drop function public.other_clock() cascade');
  });

  it('a bot that is an hour behind waits as long as the endpoint asks, sends in time, and looks after what others left', async () => {
    const rows = await front.failed(6);
    await front.world.sql('update retry_batch.brake set is_on = true');
    const asked = await front.dryRun(rows);
    await front.approve(asked);
    await front.becomes(asked, 'running');
    // Slack would refuse what a process with that clock makes of its signatures.
    bot = await front.replace(bot, { NODE_OPTIONS: `--import=${BEHIND}` });
    const later = new Date(Date.now() + 3000).toUTCString();
    await front.goesWrong({ kind: 'status', status: 503, headers: { 'Retry-After': later } });
    await front.goesWrong({ kind: 'slow', ms: 0 }, { kind: 'crash', after_rows: 2 });
    await front.world.sql('update retry_batch.brake set is_on = false');
    await front.ends(asked);
    expect(await front.books(asked)).toEqual(front.eachOnce(6));
  });
});
