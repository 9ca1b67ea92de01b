// Private answers to somebody who is refused. Each says why and ends with what to do; the compiler finds a
// refusal that has no words.
import { shortId } from '../../domain/batch.ts';
import type { Refusal, RefusalKind } from '../../domain/refusal.ts';
import { count, counted, moment } from './figures.ts';
import { someOf } from './request-words.ts';
import { SAID, who } from './voice.ts';

/** Why, and what to do, as mrkdwn that is safe as a message's text. */
export function refusalText(refusal: Refusal): string {
  switch (refusal.kind) {
    case 'not_mapped':
      return `Your Slack account is not mapped to an OnRamp user, so nothing was done. Ask whoever runs the bot to map ${team(refusal.teamId)}, user ${SAID.quote(refusal.userId, 30)} to your OnRamp user, then try again.`;
    case 'mapped_twice':
      return mappedTwice(refusal);
    case 'no_role':
      return `Your OnRamp user lacks the role ${SAID.quote(refusal.role, 60)}, so nothing was done. Ask someone who has it to do this, or ask for the role in OnRamp.`;
    case 'inactive':
      return 'Your OnRamp user is inactive, so nothing was done. Ask an OnRamp admin to activate it, or someone else to do this.';
    case 'deactivated':
      return 'Your Slack account is deactivated, so nothing was done. Ask a colleague with an active account to do this.';
    case 'guest':
      return 'Guests of this workspace may not use the bot, so nothing was done. Ask a full member of the workspace to do this.';
    case 'bot':
      return 'Bots and workflows may not use this, so nothing was done. A person has to do it; automation uses the HTTP endpoint with an API key.';
    case 'other_organisation':
      return 'You belong to another organisation, so nothing was done. Ask a member of this workspace to do this.';
    case 'slack_unreachable':
      return "Slack could not be asked who you are, so nothing was done. Try again in a minute; if it goes on, look at Slack's status page.";
    case 'second_person_required':
      return 'You asked for this dry run, and approving takes a second person, so nothing was done. Ask another mapped admin to approve it.';
    case 'not_requester_or_admin':
      return `Only the person who asked or a mapped admin may ${refusal.verb} this, so nothing was done. Ask one of them.`;
    case 'unknown_batch':
      return 'This batch is not in the database, so nothing was done. Ask for a new dry run with `/retry-batch`.';
    case 'nothing_eligible':
      return 'Nothing in this batch is eligible, so there is nothing to approve. Its message says why each execution is skipped, and what to do about it.';
    case 'expired':
      return `This dry run expired at ${moment(refusal.at)}: its plan may be out of date, so nothing was done. Ask for a new one with the command in its message.`;
    case 'cancelled':
      return `This batch was cancelled${by(refusal.by)} at ${moment(refusal.at)}, so nothing was done. To replay after all, ask for a new dry run with \`/retry-batch\`.`;
    case 'already_decided':
      return `This batch was already approved${by(refusal.by)} at ${moment(refusal.at)} and is now ${refusal.status}. Your click changed nothing. Follow the run in the thread.`;
    case 'other_replayer':
      return `This dry run was planned for replays by ${refusal.host === null ? 'the bot itself' : SAID.quote(refusal.host, 60)}, and that is not how they are made any more. Nothing was done. Ask for a new dry run with the command in its message.`;
    case 'retry_over':
      return `What this run held could be retried until ${moment(refusal.at)}: by now its plan may be out of date, so nothing was done. Ask for a new dry run with the command in its report.`;
    case 'rest_taken':
      return `What this run left is replayed by batch ${SAID.quote(shortId(refusal.by), 8)}, so its Retry held has ended and nothing was done. Follow that batch; what it leaves has a report of its own.`;
    case 'rest_under_way':
      return `This is the rest of batch ${SAID.quote(shortId(refusal.batchId), 8)}, which is ${refusal.status}: what it held is being retried there. Nothing was done. Wait for its report, then try again or ask for a new dry run of what is left.`;
    case 'rest_asked':
      return `A dry run of exactly these rows is asked for already${refusal.batchId === null ? '' : `, batch ${SAID.quote(shortId(refusal.batchId), 8)}`}, so no second one was made. Decide on that one: its message is in this channel.`;
    case 'wrong_status':
      return `You can't ${refusal.verb} this batch: it is ${refusal.status}. Nothing was done. Look at the newest message in its thread.`;
    case 'brake_on':
      return 'The emergency brake is on, so nothing was done. Find out who put it on and why; `npm run halt -- off` lifts it. Then try again.';
    case 'wrong_workspace':
      return "This bot serves another Slack workspace, so nothing was done. Use it there, or ask whoever runs the bot about this workspace's own.";
    case 'channel_shared':
      return "This channel is shared with another organisation, and the answer would hold customers' data, so nothing was done. Ask again in a channel of your own workspace only.";
    case 'channel_archived':
      return 'This channel is archived and nothing can be posted here, so nothing was done. Ask again in a channel that is in use.';
    case 'channel_not_allowed':
      return `This command is not allowed in this channel, so nothing was done. Ask again in ${channels(refusal.allowed)}.`;
    case 'bot_not_in_channel':
      return 'The bot is not in this channel and could not post here, so nothing was done. Type `/invite @retry-batch` here, then ask again.';
    case 'direct_message':
      return 'A dry run is decided in a channel, where others see it, and not in a direct message, so nothing was done. Ask again in a channel that the bot is in, such as the incident channel.';
    case 'database_unreachable':
      return "The database can't be reached, so nothing was done. Try again in a minute; if it goes on, tell whoever runs the bot to look at `/readyz`.";
    case 'plan_too_large':
      return `This matches ${refusal.rows === null ? '' : `${count(refusal.rows)} executions, `}more than the ${count(refusal.limit)} that one dry run may have, so nothing was planned. ${NARROW}`;
    case 'plan_took_too_long':
      return `This dry run took more than ${counted(refusal.seconds, 'second')} and was given up, so nothing was planned. ${NARROW}`;
    case 'plan_busy':
      return refusal.whose === 'own'
        ? 'Busy: your dry run before this one is still being planned, so nothing was planned. Wait for its message, then ask again.'
        : 'Busy: as many dry runs as this bot plans at a time are being planned, so nothing was planned. Ask again in a minute.';
    case 'plan_over_quota':
      return overQuota(refusal);
  }
}

/** The same in a few words, for the audit trail's line in the thread: `… was refused: <because>`. */
export function refusedBecause(kind: RefusalKind): string {
  return BECAUSE[kind];
}

const NARROW =
  'Narrow it: a shorter window (`since=… until=…`), some vendors (`vendor_ids=7,12`), some workflows (`ramp_uuids=…`) or one error (`error_pattern="…"`), then ask again.';

const BECAUSE: Readonly<Record<RefusalKind, string>> = {
  not_mapped: 'not mapped to an OnRamp user',
  mapped_twice: 'mapped to two OnRamp users',
  no_role: 'their OnRamp user lacks the role',
  inactive: 'their OnRamp user is inactive',
  deactivated: 'their Slack account is deactivated',
  guest: 'a guest of the workspace',
  bot: 'not a person',
  other_organisation: 'a member of another organisation',
  slack_unreachable: 'Slack could not be asked who they are',
  second_person_required: 'they asked for it themselves, and approving takes a second person',
  not_requester_or_admin: 'neither the requester nor a mapped admin',
  unknown_batch: 'no such batch',
  nothing_eligible: 'nothing in it is eligible',
  expired: 'it had expired',
  cancelled: 'it had been cancelled',
  already_decided: 'it had been approved already',
  other_replayer: 'it was planned for replays that are made in another way',
  retry_over: 'what it held could be retried for a day only',
  rest_taken: 'another batch replays what it left',
  rest_under_way: 'the batch whose rest it is was being retried',
  rest_asked: 'the same dry run was asked for already',
  wrong_status: 'its status does not allow that',
  brake_on: 'the emergency brake is on',
  wrong_workspace: 'another workspace',
  channel_shared: 'the channel is shared with another organisation',
  channel_archived: 'the channel is archived',
  channel_not_allowed: 'not allowed in that channel',
  bot_not_in_channel: 'the bot is not in the channel',
  direct_message: 'a direct message is no place for it',
  database_unreachable: 'the database could not be reached',
  plan_too_large: 'too many executions match',
  plan_took_too_long: 'the dry run took too long',
  plan_busy: 'other dry runs were being planned',
  plan_over_quota: 'the dry runs that wait have too many rows already',
};

/** The id under which a mapping is looked for: of an Enterprise Grid the organisation's. */
function team(id: string): string {
  return `${id.startsWith('E') ? 'organisation' : 'team'} ${SAID.quote(id, 30)}`;
}

function mappedTwice({ userId, mappings }: Extract<Refusal, { kind: 'mapped_twice' }>): string {
  const each = someOf(
    mappings,
    5,
    (one) => `under ${team(one.teamId)} to OnRamp user ${one.user.id} (${SAID.quote(one.user.email, 80)})`,
  );
  return `Your Slack account, user ${SAID.quote(userId, 30)}, is mapped to different OnRamp users, so nothing was done: ${each}. Ask whoever runs the bot to revoke all but one with \`npm run identity -- revoke\`, then try again.`;
}

/** Names the largest that wait, which are those whose end would help. */
function overQuota({ whose, rows, limit, waiting }: Extract<Refusal, { kind: 'plan_over_quota' }>): string {
  const would = `This dry run matches ${counted(rows, 'execution')}, and with it the dry runs that wait for an approval would have more than the ${count(limit)} rows that`;
  const may = whose === 'own' ? "one person's may have" : "everybody's together may have";
  const nothing = 'so nothing was planned.';
  if (waiting.length === 0) return `${would} ${may}, ${nothing} ${NARROW}`;
  const which = someOf(waiting, 5, (one) => `${SAID.quote(shortId(one.batchId), 8)} (${count(one.rows)})`);
  return `${would} ${may}, ${nothing} Cancel what is not needed any more: ${which}. Or narrow this one.`;
}

function by(actor: Parameters<typeof who>[0] | null): string {
  return actor === null ? '' : ` by ${who(actor, SAID)}`;
}

function channels(ids: readonly string[]): string {
  if (ids.length === 0) return 'a channel that whoever runs the bot has allowed';
  return someOf(ids, 10, (id) => (/^[CG][A-Z0-9]{1,30}$/.test(id) ? `<#${id}>` : SAID.quote(id, 30)));
}
