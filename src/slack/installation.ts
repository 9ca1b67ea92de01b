// Whose the token is, and whether Slack can be reached: asked until Slack says it, after every call that did not reach
// Slack, and now and then, for a workspace may join an organisation.
import { minutesToMilliseconds } from 'date-fns/minutesToMilliseconds';
import type { EnginePorts } from '../engine/ports.ts';
import { callSlack, type SlackClients } from './clients.ts';
import { isSlip, servedBy, type Workspace } from './receive/organisation.ts';
import type { Reach } from './slack-fetch.ts';

export type InstallationOptions = {
  /** SLACK_TEAM_ID. */
  readonly teamId: string | undefined;
  /** Slack calls the token invalid: no use in going on. */
  readonly onInvalidToken: (error: string) => void;
  readonly log: (fields: Record<string, unknown>, message: string) => void;
  readonly warn: (fields: Record<string, unknown>, message: string) => void;
};

export type Installation = {
  /** What is served; undefined until Slack has said whose the token is. */
  served(): Workspace | undefined;
  reached(reach: Reach): void;
  /** Asks until `signal`, or until it is no use. */
  stayInTouch(signal: AbortSignal): Promise<void>;
  /** What is wrong with Slack at the moment; empty where nothing is. */
  trouble(): string;
};

/** What Slack answers for a token that will not work again. */
const INVALID_TOKEN = new Set([
  'invalid_auth',
  'not_authed',
  'account_inactive',
  'token_revoked',
  'token_expired',
  'not_allowed_token_type',
]);
const LOOK_MS = 5000;
const FRESH_MS = minutesToMilliseconds(15);

const UNREACHABLE = 'unreachable';
const IN_ITS_PLACE = "unreachable: somebody else answers in Slack's place, such as a proxy";

function troubleOf(reach: Reach): string {
  switch (reach.kind) {
    case 'reached':
      return '';
    case 'unreachable':
      return UNREACHABLE;
    case 'not_slack':
      return IN_ITS_PLACE;
    case 'proxy_refused':
      return `${UNREACHABLE}: the proxy of HTTPS_PROXY refuses the way, with status ${reach.status}`;
  }
}

/** Nothing is known before `stayInTouch`. */
export function createInstallation(
  clients: () => SlackClients,
  clock: EnginePorts['clock'],
  options: InstallationOptions,
): Installation {
  let served: Workspace | undefined;
  let trouble = 'not asked yet';
  let askedAt = Number.NEGATIVE_INFINITY;
  /** False where it is no use to ask again. */
  const identify = async (): Promise<boolean> => {
    const asked = await callSlack(() => clients().ask.auth.test());
    if (asked.kind === 'failed') {
      const { failure } = asked;
      if (failure.kind === 'refused') trouble = failure.error;
      // Where it was not reached, `reached` has said how.
      else if (failure.kind === 'rate_limited') trouble = UNREACHABLE;
      const invalid = failure.kind === 'refused' && INVALID_TOKEN.has(failure.error);
      // Later it is told as trouble only: a run goes on without Slack.
      if (!invalid || served !== undefined) return true;
      options.onInvalidToken(failure.error);
      return false;
    }
    const { team_id: ownTeamId, enterprise_id: enterpriseId = null, is_enterprise_install } = asked.value;
    if (ownTeamId === undefined) {
      trouble = IN_ITS_PLACE;
      return true;
    }
    const installed = {
      ...{ ownTeamId, enterpriseId, wantedTeamId: options.teamId },
      orgWide: is_enterprise_install === true || ownTeamId === enterpriseId,
    };
    served = servedBy(installed);
    askedAt = clock.now();
    if (trouble === '') return true;
    trouble = '';
    options.log(served, 'slack reached');
    if (isSlip(installed, served)) {
      const why = "SLACK_TEAM_ID is neither the token's workspace nor its organisation: everybody is refused";
      options.warn({ own: ownTeamId, ...served }, why);
    }
    return true;
  };
  return {
    served: () => served,
    reached: (reach) => {
      if (reach.kind !== 'reached') trouble = troubleOf(reach);
    },
    stayInTouch: async (signal) => {
      while (!signal.aborted) {
        const due = trouble !== '' || clock.now() - askedAt >= FRESH_MS;
        if (due && !(await identify())) return;
        await clock.sleep(LOOK_MS, signal);
      }
    },
    trouble: () => trouble,
  };
}
