// Private answers to somebody who is refused. Each says why and ends with what to do; the compiler finds a
// refusal that has no words.
import { shortId } from '../../domain/batch.ts';
import type { Refusal } from '../../domain/refusal.ts';
import { capital } from '../../text/beginning.ts';
import { sentence } from '../../text/untrusted.ts';
import { batchName, type Links, linkTo, NO_LINKS } from './batch-name.ts';
import { channelName, thisChannel } from './channel-name.ts';
import { clockTimeFrom, count, counted, moment } from './figures.ts';
import { whatSpeaksAgainst } from './live.ts';
import { someOf } from './request-words.ts';
import { SAID, who } from './voice.ts';

/** What whoever is refused is told besides, as far as it is known. */
export type RefusalHelp = {
  /** Those who may do what was refused, by name; nothing where that is of no use. */
  readonly whoCan?: readonly string[];
  /** Addresses of the batches that it names. */
  readonly links?: Links;
  /** The address of the message that it is about. */
  readonly about?: string | null;
  /** The channel in which it is read; left out where that is none, or may be another than the one that it is about. */
  readonly here?: string | undefined;
};

/** Why, and what to do, as mrkdwn that is safe as a message's text. */
export function refusalText(refusal: Refusal, help: RefusalHelp = {}): string {
  const { links = NO_LINKS, about = null, whoCan, here } = help;
  const sentences = [why(refusal, links, here), ...(whoCan === undefined ? [] : [whoCanSentence(whoCan)])];
  if (about !== null) sentences.push(`${linkTo(about, 'Open its message')}.`);
  return sentences.join(' ');
}

function why(refusal: Refusal, links: Links, here: string | undefined): string {
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
    case 'called_already':
      return `Those who can approve this were asked at ${moment(refusal.at)}, and are asked once, so nothing was done. Ask one of them yourself.`;
    case 'called_lately':
      return `Those who can approve were asked in ${thisChannel(refusal.channelId, here)} a moment ago, so nothing was done. Try again at ${clockTimeFrom(refusal.until)}, or ask one of them yourself.`;
    case 'nobody_to_call':
      return 'Nobody else is mapped who can approve this, so nothing was done. Ask whoever runs the bot to map an admin with `npm run identity`.';
    case 'unknown_batch':
      return 'This batch is not in the database, so nothing was done. Ask for a new dry run with `/retry-batch`.';
    case 'nothing_eligible':
      return 'Nothing in this batch is eligible, so there is nothing to approve. Its message says why each execution is skipped, and what to do about it.';
    case 'all_fixed':
      return `Nothing is left to approve: ${refusal.rows === 1 ? 'the 1 execution is' : `all ${count(refusal.rows)} are`} fixed already, and nothing was done. Ask for a new dry run if you expect more.`;
    case 'not_live':
      return `${whatSpeaksAgainst(refusal.live)}: the fix does not look live, so nothing was done. Find out whether the fix is deployed, and wait until nothing fails like this any more; to replay all the same, click Approve anyway on its message.`;
    case 'expired':
      return `This dry run expired at ${moment(refusal.at)}: its plan may be out of date, so nothing was done. Ask for a new one: its message says how.`;
    case 'cancelled':
      return `This batch was cancelled${by(refusal.by)} at ${moment(refusal.at)}, so nothing was done. To replay after all, ask for a new dry run with \`/retry-batch\`.`;
    case 'already_decided':
      return `This batch was already approved${by(refusal.by)} at ${moment(refusal.at)} and is now ${refusal.status}. Your click changed nothing. Follow the run in the thread.`;
    case 'other_replayer':
      return otherReplayer(refusal);
    case 'retry_over':
      return `What this run held could be retried until ${moment(refusal.at)}: by now its plan may be out of date, so nothing was done. To go on, click ${REST} in its report: nothing is replayed before somebody approves that.`;
    case 'rest_taken':
      return `What this run left is replayed by batch ${batchName(refusal.by, links)}, so its Retry held has ended and nothing was done. Follow that batch; what it leaves has a report of its own.`;
    case 'rest_under_way':
      return `This is the rest of batch ${batchName(refusal.batchId, links)}, which is ${refusal.status}: what it held is being retried there. Nothing was done. Wait for its report, then try again or ask for a new dry run of what is left.`;
    case 'rest_asked':
      return `A dry run of exactly these rows is asked for already${refusal.batchId === null ? '' : `, batch ${batchName(refusal.batchId, links)}`}, so no second one was made. Decide on that one: its message is in ${thisChannel(refusal.channelId, here)}.`;
    case 'rest_nowhere':
      return `This batch has no channel in Slack to post a dry run in, so nothing was done. Type \`/retry-batch rest_of=${shortId(refusal.batchId)}\` in a channel that the bot is in.`;
    case 'form_sent':
      return `This form was sent already${refusal.batchId === null ? '' : `, and batch ${batchName(refusal.batchId, links)} came of it`}, so no second dry run was made. Decide on that one: its message is in the channel.`;
    case 'form_gone':
      return 'This form is too old to be sent, so nothing was done. Open a new one with `/retry-batch`.';
    case 'reading_gone':
      return `What you typed was kept for ${counted(refusal.minutes, 'minute')}, and they are over, so nothing was done. Type it again: how it was read stands above this button.`;
    case 'reading_not_theirs':
      return 'This button is for whoever typed what stands above it, so nothing was done. Type it yourself, with `/retry-batch`: then the dry run is yours.';
    case 'reading_used':
      return `This has been run already${refusal.batchId === null ? '' : ` as batch ${batchName(refusal.batchId, links)}`}, so no second dry run was made. Look for its message in this channel; to ask anew, type it again.`;
    case 'wrong_status':
      return `You can't ${refusal.verb} this batch: it is ${refusal.status}. Nothing was done. Look at the newest message in its thread.`;
    case 'brake_on':
      return 'The emergency brake is on, so nothing was done. Find out who put it on and why; `npm run halt -- off` lifts it. Then try again.';
    case 'nothing_owed':
      return 'This run was not suppressed: its customers were told as it went, so nothing is owed and nothing was done. What could not be delivered is listed by `npm run notifications -- parked`.';
    case 'owed_elsewhere':
      return 'The application makes the replays here and owes its customers the news itself, so nothing was done. Ask whoever runs the application.';
    case 'owed_over':
      return `What this run owes could be sent until ${moment(refusal.at)}, when its lists went, so nothing was done. Tell the customers yourself; \`npm run batches -- show\` has what is left of the run.`;
    case 'second_person_sends':
      return 'You approved this run, and sending what it owes takes a second person, so nothing was done. Ask another mapped admin to send it.';
    case 'owed_choice_gone':
      return 'What you were shown is too old to be sent, so nothing was done. Click Send owed notifications… again: it shows what is owed now.';
    case 'owed_choice_sent':
      return `What you were shown was sent already, at ${moment(refusal.at)}, so nothing was done. Click Send owed notifications… again to see what is still owed.`;
    case 'wrong_workspace':
      return "This bot serves another Slack workspace, so nothing was done. Use it there, or ask whoever runs the bot about this workspace's own.";
    case 'channel_shared':
      return `${capital(thisChannel(refusal.channelId, here))} is shared with another organisation, and the answer would hold customers' data, so nothing was done. Ask again in a channel of your own workspace only.`;
    case 'channel_archived':
      return `${capital(thisChannel(refusal.channelId, here))} is archived and nothing can be posted there, so nothing was done. Ask again in a channel that is in use.`;
    case 'channel_not_allowed':
      return `This command is not allowed in ${thisChannel(refusal.channelId, here)}, so nothing was done. Ask again in ${channels(refusal.allowed)}.`;
    case 'bot_not_in_channel':
      return `The bot is not in ${thisChannel(refusal.channelId, here)} and could not post there, so nothing was done. Type \`/invite @retry-batch\` there, then ask again.`;
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
      return overQuota(refusal, links);
  }
}

/** The button on a report, whatever its number. */
const REST = 'Dry run of the … left';

/** A waiting one can be asked for anew as it is; of an ended one the report has the rest; a run that stands still keeps its rows. */
function otherReplayer({ host, status }: Extract<Refusal, { kind: 'other_replayer' }>): string {
  const by = host === null ? 'the bot itself' : SAID.quote(host, 60);
  const head = `This dry run was planned for replays by ${by}, and that is not how they are made any more. Nothing was done.`;
  switch (status) {
    case 'waiting':
      return `${head} To ask for the same as replays are made now, click Change on its message.`;
    case 'finished':
      return `${head} To go on as replays are made now, click ${REST} in its report.`;
    default:
      return `${head} Ask whoever runs the bot to have replays made as before until this run has ended, or ask for a new dry run with \`/retry-batch\`.`;
  }
}

const NARROW =
  'Narrow it: a shorter window (`since=… until=…`), some vendors (`vendor_ids=7,12`), some workflows (`ramp_uuids=…`) or one error (`error_pattern="…"`), then ask again.';

/** By name, as plain text: it calls nobody. */
function whoCanSentence(names: readonly string[]): string {
  if (names.length === 0) return 'Nobody else is mapped who can: ask whoever runs the bot to map an admin.';
  return `Who can: ${namesInWords(names)}.`;
}

/** Five names at most, as data. */
export function namesInWords(names: readonly string[]): string {
  return someOf(names, MOST_NAMES, (name) => sentence(name, 30));
}

const MOST_NAMES = 5;

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
function overQuota(
  { whose, rows, limit, waiting }: Extract<Refusal, { kind: 'plan_over_quota' }>,
  links: Links,
): string {
  const would = `This dry run matches ${counted(rows, 'execution')}, and with it the dry runs that wait for an approval would have more than the ${count(limit)} rows that`;
  const may = whose === 'own' ? "one person's may have" : "everybody's together may have";
  const nothing = 'so nothing was planned.';
  if (waiting.length === 0) return `${would} ${may}, ${nothing} ${NARROW}`;
  const which = someOf(waiting, MOST_NAMES, (one) => `${batchName(one.batchId, links)} (${count(one.rows)})`);
  return `${would} ${may}, ${nothing} Cancel what is not needed any more: ${which}. Or narrow this one.`;
}

function by(actor: Parameters<typeof who>[0] | null): string {
  return actor === null ? '' : ` by ${who(actor, SAID)}`;
}

function channels(ids: readonly string[]): string {
  if (ids.length === 0) return 'a channel that whoever runs the bot has allowed';
  return someOf(ids, 10, (id) => channelName(id));
}
