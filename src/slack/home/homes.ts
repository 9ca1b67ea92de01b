// Home tabs: drawn when somebody opens theirs, and again when a batch changes that concerns them, for a day. Whichever process
// comes to it draws; within a budget of its own, and never in a thread's way.
import { remember } from '../../domain/remember.ts';
import { InfrastructureTrouble } from '../../postgres/errors.ts';
import { namesOf } from '../../store/approvers.ts';
import * as batches from '../../store/batches.ts';
import { isBrakeOn } from '../../store/brake.ts';
import { wasCalled } from '../../store/calls.ts';
import * as budget from '../../store/edit-budget.ts';
import * as store from '../../store/homes.ts';
import { findIdentity } from '../../store/identities.ts';
import { type HomeTab, helpView, homeView } from '../blocks/home.ts';
import { againstTheFix } from '../blocks/live.ts';
import { callSlack } from '../clients.ts';
import { digest } from '../digest.ts';
import { whoCanApprove } from '../receive/approvers.ts';
import type { SlackContext } from '../receive/context.ts';
import { overviewFor } from './overview.ts';
import { type Viewer, viewerOf } from './viewer.ts';

export type Homes = {
  /** Somebody opened theirs. Throws as `Tx.query` does. */
  opened(userId: string): Promise<void>;
  /** Something happened to a batch; nothing waits for it. */
  changed(batchId: string): void;
  /** Draws what is due until `signal`. */
  watch(signal: AbortSignal): Promise<void>;
};

const LOOK_MS = 1000;
/** Slack could not be asked, or did not take it. */
const AGAIN_SECONDS = 15;
const MOST_OPEN = 20;
const MOST_REMEMBERED = 1000;

/** Draws nothing before `watch`, or an opening. */
export function createHomes(context: SlackContext): Homes {
  const { ports, clients } = context;
  const tx = ports.db.autocommit;
  // A run tells of every chunk; a Home tab is drawn again for a new state: its status, its question, and what its buttons depend on.
  const told = new Map<string, string>();
  const teamId = () => context.workspace()?.teamId;
  const failed = (error: unknown) => {
    if (!(error instanceof InfrastructureTrouble)) context.onError(error, 'home');
  };

  /** Seconds until it should be tried again; null where it is done. */
  const draw = async (team: string, userId: string, shows: string | null): Promise<number | null> => {
    const viewer = await viewerOf(context, { userId }, null);
    if (viewer.person.standing?.kind === 'slack_unreachable') return AGAIN_SECONDS;
    const view = await viewFor(context, viewer);
    const now = digest(view);
    if (now !== shows) {
      const wait = await budget.take(tx, budgetOf(team), { count: 1, figures: false });
      if (wait > 0) return wait;
      const sent = await callSlack(() => clients.post.views.publish({ user_id: userId, view }));
      if (sent.kind === 'failed') {
        const { failure } = sent;
        if (failure.kind === 'unreachable') return AGAIN_SECONDS;
        if (failure.kind === 'rate_limited') {
          await budget.putOff(tx, budgetOf(team), failure.retryAfterSeconds);
          return failure.retryAfterSeconds;
        }
      }
    }
    await store.shown(tx, team, userId, now);
    return null;
  };

  const drawn = async (team: string, userId: string, shows: string | null) => {
    const wait = await draw(team, userId, shows);
    if (wait !== null) await store.later(tx, team, userId, wait);
  };

  const wake = async (batchId: string): Promise<void> => {
    const team = teamId();
    const batch = await batches.find(tx, batchId);
    if (team === undefined || batch === undefined) return;
    const { status, restTakenBy, fixed } = batch;
    const isAgainst = againstTheFix(batch) !== null;
    const state = [status, restTakenBy, fixed, isAgainst, await wasCalled(tx, batchId)].join(' ');
    if (told.get(batchId) === state) return;
    remember(told, batchId, state, MOST_REMEMBERED);
    const { requestedBy } = batch;
    await store.wake(tx, team, requestedBy.kind === 'slack' ? requestedBy.userId : null);
  };

  return {
    opened: async (userId) => {
      const team = teamId();
      if (team === undefined) return;
      await store.opened(tx, team, userId);
      await drawn(team, userId, null);
    },
    changed: (batchId) => void wake(batchId).catch(failed),
    watch: async (signal) => {
      let braked: boolean | undefined;
      while (!signal.aborted) {
        const team = teamId();
        try {
          const isOn = await isBrakeOn(tx);
          if (team !== undefined && braked !== undefined && braked !== isOn) await store.wakeAll(tx, team);
          braked = isOn;
          const due = team === undefined ? undefined : await store.take(tx, team);
          if (team !== undefined && due !== undefined) {
            await drawn(team, due.userId, due.shows);
            continue;
          }
        } catch (error) {
          failed(error);
        }
        await ports.clock.sleep(LOOK_MS, signal);
      }
    },
  };
}

/** Slack limits each method by itself. */
function budgetOf(teamId: string): string {
  return `${teamId} homes`;
}

async function viewFor(context: SlackContext, viewer: Viewer): Promise<HomeTab> {
  const { person, isAdmin, mayAsk } = viewer;
  // Whoever may approve sees what waits for that, also where it takes another role to ask.
  if (!mayAsk && !isAdmin) return helpView(context.ports.clock.now());
  const { open, openInAll, ended, brake } = await overviewFor(context, viewer, MOST_OPEN);
  // A run that stands waits for an admin; to whoever asked for it it is one that runs.
  const waits = open.filter(
    ({ batch }) => batch.status === 'waiting' || (isAdmin && batch.status === 'paused'),
  );
  return homeView({
    me: { ...person, found: await findIdentity(context.ports.db.autocommit, person), isAdmin },
    brake,
    waiting: waits,
    running: open.filter((card) => !waits.includes(card)),
    more: openInAll - open.length,
    ended,
    whoCan: namesOf(await whoCanApprove(context)),
  });
}
