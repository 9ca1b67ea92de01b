// A person types a slash command.
import type { Core } from '../core.ts';
import { applyAppAnswer, readAppAnswer } from '../delivery/app-answer.ts';
import type { Courier, Delivery, Manner } from '../delivery/deliver.ts';
import type { Parcel } from '../delivery/parcel.ts';
import { Refusal } from '../web-api/refusal.ts';
import type { Channel, User } from '../world/model.ts';
import { whisper } from '../world/posting.ts';
import { isOurs } from '../world/world.ts';
import { asShortcodes } from './emoji.ts';
import { channelName, LEGACY_TOKEN, responseUrl } from './payload-parts.ts';
import { cannotAct, channel, person } from './presence.ts';
import { notSent, tellOfFailure } from './refusals.ts';

export interface Delivering extends Manner {
  /** Send it although Slack's client would not let this person do it. */
  readonly sendAnyway?: boolean;
}

export interface TypedCommand extends Delivering {
  readonly user: string;
  readonly channel: string;
  /** With its slash. */
  readonly command: string;
  readonly text?: string;
  /** The text is already as Slack sends it, entities, `:emoji:` and `<…>` included; otherwise it is as typed. */
  readonly rawText?: boolean;
  /** The workspace it is typed in, of an organisation that has several; the app's own where none is named. */
  readonly workspace?: string;
  /** Typed in the composer of a thread, where Slack has no slash commands. */
  readonly threadTs?: string;
}

/** `&`, `<` and `>` reach an app as entities. */
const escaped = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');

function parcelOf(core: Core, typed: TypedCommand, user: User, where: Channel): Parcel {
  const { team, app } = core.world;
  const triggerId = core.triggers.issue(user.id, where.id);
  const enterprise = team.enterprise
    ? { enterprise_id: team.enterprise.id, enterprise_name: team.enterprise.name }
    : {};
  return {
    what: 'slash_command',
    user: user.id,
    triggerId,
    payload: {
      token: LEGACY_TOKEN,
      // An outsider can't run commands; were one sent, it would name the outsider's own team.
      team_id: isOurs(core.world, user) ? (typed.workspace ?? team.id) : user.teamId,
      team_domain: isOurs(core.world, user) ? team.domain : 'elsewhere',
      ...enterprise,
      channel_id: where.id,
      channel_name: channelName(where),
      user_id: user.id,
      user_name: user.name,
      command: typed.command,
      text: typed.rawText ? (typed.text ?? '') : escaped(asShortcodes(typed.text ?? '')),
      api_app_id: app.appId,
      is_enterprise_install: String(team.orgWide ?? false),
      response_url: responseUrl(core, { user: user.id, channel: where.id }),
      trigger_id: triggerId,
    },
  };
}

function refusedByClient(core: Core, typed: TypedCommand, user: User, where: Channel): string | undefined {
  const unable = cannotAct(core, user, where);
  if (unable) return unable;
  if (typed.threadTs) return `${typed.command} is not supported in threads. Sorry!`;
  const registered = core.world.app.commands.some((one) => one.command === typed.command);
  return registered && isOurs(core.world, user) ? undefined : `${typed.command} is not a valid command.`;
}

function showAnswer(core: Core, delivery: Delivery, user: string, where: string, command: string): void {
  if (delivery.outcome !== 'acknowledged') return;
  try {
    const body = readAppAnswer(delivery.contentType, delivery.body);
    if (body) applyAppAnswer(core, { user, channel: where }, body);
  } catch (error) {
    const code = error instanceof Refusal ? error.code : 'invalid_command_response';
    const text = `${command} failed with the error "${code}"`;
    whisper(core.world, user, 'slack', { channel: where }, { text, parse: 'none' });
  }
}

/** Runs the command; resolves when the app has acknowledged it or Slack has given up. */
export async function runCommand(core: Core, courier: Courier, typed: TypedCommand): Promise<Delivery> {
  const user = person(core, typed.user);
  const where = channel(core, typed.channel);
  const refusal = typed.sendAnyway ? undefined : refusedByClient(core, typed, user, where);
  if (refusal) return notSent(core, user.id, where.id, refusal);
  const deliveries = await courier.deliver(parcelOf(core, typed, user, where), typed);
  for (const delivery of deliveries) {
    showAnswer(core, delivery, user.id, where.id, typed.command);
    tellOfFailure(core, delivery, user.id, where.id, typed.command);
  }
  return deliveries[0];
}
