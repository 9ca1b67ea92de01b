// GET /sign-in, GET /sign-in/callback, POST /sign-out. A session is the bot's own: OnRamp's table is only ever read.
import { createHash } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { Hono } from 'hono';
import type { AdmissionRefusal } from '../../domain/admission.ts';
import type { AuditEvent } from '../../domain/audit.ts';
import type { Actor } from '../../domain/person.ts';
import type { EnginePorts } from '../../engine/ports.ts';
import { record } from '../../engine/record.ts';
import { InfrastructureTrouble } from '../../postgres/errors.ts';
import { beginSession, findPerson, type Person, revokeSessions } from '../../store/sessions.ts';
import { addressOf } from '../address.ts';
import { isOwnOrigin, sessionHashes } from '../credentials.ts';
import { answerPage, type PageContext, type PageEnv } from '../pages/page.ts';
import { type AdmissionRules, admit, lookUpAddress } from './admission.ts';
import { forgetSession, giveSession, keepPending, newSession, takePending } from './cookies.ts';
import { createProvider, type Identity, type ProviderOptions } from './provider.ts';
import { type NotSignedIn, refusalPage } from './refusal-pages.ts';
import { returnPath } from './return-address.ts';
import { FOREIGN_SIGN_OUT, SIGN_OUT, SIGNED_OUT } from './sign-out-pages.ts';

export type SignInOptions = Omit<ProviderOptions, 'callback'> &
  AdmissionRules & {
    /** Where the browser reaches the bot. */
    readonly origin: string;
    readonly sessionHours: number;
  };

type Parts = {
  readonly ports: EnginePorts;
  readonly trustProxy: boolean;
  /** Told why somebody was not signed in, with a code where the provider is to blame. */
  readonly onRefused: (refused: { because: NotSignedIn; code?: string; from: string }) => void;
};

/** The addresses of signing in and out. */
export function signInRoutes(options: SignInOptions, parts: Parts): Hono<PageEnv> {
  const { origin } = options;
  const secure = origin.startsWith('https:');
  const provider = createProvider({ ...options, callback: `${origin}/sign-in/callback` });
  const app = new Hono<PageEnv>();
  app.get('/sign-in', async (context) => {
    const begun = await provider.begin();
    if (begun.kind === 'trouble') return refuse(parts, context, begun.because, begun.code);
    const returnTo = returnPath(context.req.query('return_to'), origin);
    keepPending(context, secure, { ...begun.pending, returnTo });
    return context.redirect(begun.url.href, 302);
  });
  app.get('/sign-in/callback', async (context) => {
    const pending = takePending(context, secure);
    if (pending === undefined) return refuse(parts, context, 'restart');
    const finished = await provider.finish(new URL(context.req.url).search, pending);
    if (finished.kind === 'trouble') return refuse(parts, context, finished.because, finished.code);
    const admitted = await enter(options, parts, context, finished.identity).catch(interrupted);
    if (admitted.kind === 'interrupted') return refuse(parts, context, 'interrupted');
    if (admitted.kind === 'refused') return refuse(parts, context, admitted.because);
    giveSession(context, secure, admitted.session, options.sessionHours);
    // The whole address: no path is another host then. It comes from the browser's cookie, and may be anybody's.
    return context.redirect(`${origin}${returnPath(pending.returnTo, origin)}`, 303);
  });
  app.post('/sign-out', async (context) => {
    if (!isOwnForm(context.env.incoming, origin)) return answerPage(context, FOREIGN_SIGN_OUT, 403);
    await leave(parts, context);
    forgetSession(context, secure);
    return answerPage(context, SIGNED_OUT);
  });
  app.get('/sign-out', (context) => answerPage(context, SIGN_OUT, 405));
  return app;
}

/** The provider's word counts once: a page that says "load this again" would be wrong. */
function interrupted(error: unknown): { readonly kind: 'interrupted' } {
  if (error instanceof InfrastructureTrouble) return { kind: 'interrupted' };
  throw error;
}

type Entered =
  | { readonly kind: 'entered'; readonly session: string }
  | { readonly kind: 'refused'; readonly because: AdmissionRefusal };

async function enter(
  options: SignInOptions,
  { ports, trustProxy }: Parts,
  { env: { incoming } }: PageContext,
  identity: Identity,
): Promise<Entered> {
  const from = addressOf(incoming, trustProxy);
  const address = lookUpAddress(identity);
  return ports.db.transaction(async (tx): Promise<Entered> => {
    const found = address === null ? undefined : await findPerson(tx, address);
    const admission = admit(options, identity, found);
    if (admission.kind === 'refused') {
      const event = refusalEvent(admission.because, identity, found, from);
      if (event !== null) await record(ports, tx, event);
      return admission;
    }
    const { person } = admission;
    // One that somebody put into this browser beforehand ends.
    await revokeSessions(tx, sessionHashes(incoming));
    const session = newSession();
    const hours = options.sessionHours;
    await beginSession(tx, { tokenSha256: sha256(session), userId: person.id, hours });
    await record(ports, tx, {
      ...{ batchId: null, action: 'signed_in', actor: actorOf(person, from), evidence: { hours } },
    });
    return { kind: 'entered', session };
  });
}

/** Null for a stranger who names nobody that is known here: nobody could fill the trail with those. */
function refusalEvent(
  because: AdmissionRefusal,
  { emailVerified }: Identity,
  found: Person | undefined,
  from: string,
): AuditEvent | null {
  if (found === undefined && because !== 'unknown') return null;
  const claimed = found === undefined ? null : { id: found.id, email: found.email };
  const isProven = emailVerified && found !== undefined;
  const actor: Actor = isProven ? actorOf(found, from) : { kind: 'system', name: 'sign-in' };
  return { batchId: null, action: 'sign_in_refused', actor, evidence: { because, from, claimed } };
}

/** Our pages send no referrer, and for that browsers call their origin null: what they say of the site counts. */
function isOwnForm(request: IncomingMessage, origin: string): boolean {
  const site = request.headers['sec-fetch-site'];
  return site === undefined ? isOwnOrigin(request, origin) : site === 'same-origin';
}

/** Ends the browser's sessions, as far as they are the bot's own. */
async function leave({ ports, trustProxy }: Parts, { env: { incoming } }: PageContext): Promise<void> {
  const from = addressOf(incoming, trustProxy);
  await ports.db.transaction(async (tx) => {
    for (const person of await revokeSessions(tx, sessionHashes(incoming))) {
      await record(ports, tx, {
        ...{ batchId: null, action: 'signed_out', actor: actorOf(person, from), evidence: {} },
      });
    }
  });
}

function refuse(parts: Parts, context: PageContext, because: NotSignedIn, code?: string) {
  const from = addressOf(context.env.incoming, parts.trustProxy);
  parts.onRefused({ because, from, ...(code === undefined ? {} : { code }) });
  const { status, ...page } = refusalPage(because);
  return answerPage(context, page, status);
}

function actorOf({ id, email }: Person, from: string): Actor {
  return { kind: 'session', user: { id, email }, from };
}

function sha256(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}
