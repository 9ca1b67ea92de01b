// The human side: everything a person can do in this Slack.
import type { Core } from '../core.ts';
import type { Courier, Delivery } from '../delivery/deliver.ts';
import type { Channel, Message, User } from '../world/model.ts';
import { type Click, clickOn } from './click.ts';
import { runCommand, type TypedCommand } from './command.ts';
import { closeModal, type Submission, type Submitted, submitView } from './modal.ts';
import {
  changeChannel,
  changeUser,
  deleteMessage,
  invite,
  kick,
  lockThread,
  type Said,
  say,
} from './people.ts';

export interface Human {
  command(typed: TypedCommand): Promise<Delivery>;
  click(click: Click): Promise<Delivery>;
  /** A click with a value: an option picked, a date chosen. */
  select(click: Click & { readonly value: NonNullable<Click['value']> }): Promise<Delivery>;
  submit(submission: Submission): Promise<Submitted>;
  close(closing: Submission): Promise<Delivery>;
  say(said: Said): Message;
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
    submit: (submission) => submitView(core, courier, submission),
    close: (closing) => closeModal(core, courier, closing),
    say: (said) => say(core, said),
    deleteMessage: (channelId, ts) => deleteMessage(core, channelId, ts),
    lockThread: (channelId, ts, locked = true) => lockThread(core, channelId, ts, locked),
    invite: (channelId, userId) => invite(core, channelId, userId),
    kick: (channelId, userId) => kick(core, channelId, userId),
    changeUser: (id, change) => changeUser(core, id, change),
    changeChannel: (id, change) => changeChannel(core, id, change),
  };
}
