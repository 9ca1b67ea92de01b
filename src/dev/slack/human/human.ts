// The human side: everything a person can do in this Slack.
import type { Core } from '../core.ts';
import type { Courier, Delivery } from '../delivery/deliver.ts';
import type { Channel, Message, User, View } from '../world/model.ts';
import { stackOf } from '../world/view-stack.ts';
import { type Click, clickInView, clickOn } from './click.ts';
import { runCommand, type TypedCommand } from './command.ts';
import { type Filling, fill, type Search, type Suggested, suggest } from './fill.ts';
import { type HomeOpened, type HomeVisit, openHome } from './home.ts';
import {
  changeChannel,
  changeUser,
  deleteMessage,
  dismiss,
  type Edited,
  editOwn,
  invite,
  kick,
  lockThread,
  type Said,
  say,
} from './people.ts';
import { type GlobalUse, type MessageUse, messageShortcut, openShortcut } from './shortcut.ts';
import { type Closing, closeModal, type Submission, type Submitted, submitView } from './submit.ts';

export interface Human {
  command(typed: TypedCommand): Promise<Delivery>;
  click(click: Click): Promise<Delivery>;
  /** A click with a value: an option picked, a date chosen. */
  select(click: Click & { readonly value: NonNullable<Click['value']> }): Promise<Delivery>;
  /** The modal on top of this person's stack. */
  view(user: string): View | undefined;
  /** Picks and types in the modal on top; the app hears nothing yet. Values by action id. */
  fill(filling: Filling): View;
  /** Types into an external select, and hears what the app offers. */
  suggest(search: Search): Promise<Suggested>;
  /** A click in the modal on top or, where none is open, in the Home tab. */
  clickInView(click: Click): Promise<Delivery>;
  submit(submission: Submission): Promise<Submitted>;
  close(closing: Closing): Promise<Delivery>;
  openShortcut(use: GlobalUse): Promise<Delivery>;
  messageShortcut(use: MessageUse): Promise<Delivery>;
  /** Opens the app's Home tab, or its messages. */
  openHome(visit: HomeVisit): Promise<HomeOpened>;
  say(said: Said): Message;
  edit(edited: Edited): Message;
  /** Sends away an ephemeral message. */
  dismiss(whisper: { readonly user: string; readonly ts: string }): void;
  /**
   * Somebody deletes a message of whomever; with replies it leaves its place behind, which still takes more; without,
   * whatever answers it later stands in the channel.
   */
  deleteMessage(channelId: string, ts: string): void;
  /** An admin locks a thread (or unlocks it): it takes no replies. */
  lockThread(channelId: string, ts: string, locked?: boolean): void;
  invite(channelId: string, userId: string): void;
  kick(channelId: string, userId: string): void;
  changeUser(id: string, change: Partial<User>): User;
  changeChannel(id: string, change: Partial<Channel>): Channel;
}

/** The human side of one Slack. */
export function createHuman(core: Core, courier: Courier): Human {
  return {
    command: (typed) => runCommand(core, courier, typed),
    click: (click) => clickOn(core, courier, click),
    select: (click) => clickOn(core, courier, click),
    view: (user) => stackOf(core.world, user).at(-1),
    fill: (filling) => fill(core, filling),
    suggest: (search) => suggest(core, courier, search),
    clickInView: (click) => clickInView(core, courier, click),
    submit: (submission) => submitView(core, courier, submission),
    close: (closing) => closeModal(core, courier, closing),
    openShortcut: (use) => openShortcut(core, courier, use),
    messageShortcut: (use) => messageShortcut(core, courier, use),
    openHome: (visit) => openHome(core, courier, visit),
    say: (said) => say(core, said),
    edit: (edited) => editOwn(core, edited),
    dismiss: (whisper) => dismiss(core, whisper),
    deleteMessage: (channelId, ts) => deleteMessage(core, channelId, ts),
    lockThread: (channelId, ts, locked = true) => lockThread(core, channelId, ts, locked),
    invite: (channelId, userId) => invite(core, channelId, userId),
    kick: (channelId, userId) => kick(core, channelId, userId),
    changeUser: (id, change) => changeUser(core, id, change),
    changeChannel: (id, change) => changeChannel(core, id, change),
  };
}
