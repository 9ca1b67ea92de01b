// The form: a dry run's fields as a modal, what has no field there as a line, and the views that stand in for it.
import type { KnownBlock, ModalView } from '@slack/types';
import { formatInstant } from '../../domain/instant.ts';
import { completeRequest } from '../../domain/request.ts';
import { plain } from '../../text/untrusted.ts';
import { type Links, NO_LINKS, otherBatch } from './batch-name.ts';
import { channelName } from './channel-name.ts';
import { namesRows, type Prefill } from './form-fit.ts';
import {
  channelChoice,
  customers,
  errorText,
  force,
  notifications,
  reason,
  window,
  workflows,
} from './form-inputs.ts';
import { type FormMetadata, printMetadata } from './form-metadata.ts';
import type { Names } from './form-options.ts';
import { context, plainText, section } from './message.ts';
import { reasonPhrase } from './reason.ts';
import { filterPhrases } from './request-words.ts';
import { SHOWN, type Voice } from './voice.ts';

/** What names the form and the shortcuts that lead to it, in the manifest too. */
export const FORM_IDS = {
  modal: 'retry_batch_modal',
  shortcut: 'retry_batch_shortcut',
  messageShortcut: 'retry_batch_message_shortcut',
} as const;

export type Form = {
  readonly draftId: string;
  readonly teamId: string;
  /** Null: whoever fills it in picks the channel. */
  readonly channelId: string | null;
  readonly given: Prefill;
  readonly kept: Prefill;
  readonly names: Names;
  /** The batch that it changes. */
  readonly changes: string | null;
  /** The alert that it was opened from, as it can be read; not what was taken from it. */
  readonly alert: string | null;
  /** Addresses of the batches that it names. */
  readonly links?: Links;
};

/** The view to open, filled in. Its blocks are called as the fields are; what is kept has none. */
export function formView(form: Form): ModalView {
  const { given, kept, names, alert } = form;
  const fields: KnownBlock[] = [
    reason(given),
    ...(namesRows(kept) ? [] : window(given)),
    errorText(given),
    ...(alert === null ? [] : [{ type: 'section', text: data(plain(alert, 1500)) } as const]),
    customers(given, names),
    workflows(given, names),
    notifications(given),
    force(given),
  ];
  const open = fields.filter(({ block_id: id }) => id === undefined || !Object.hasOwn(kept, id));
  return {
    ...view([...place(form), ...keptLine(form), ...open]),
    callback_id: FORM_IDS.modal,
    private_metadata: printMetadata(metadataOf(form)),
    submit: plainText('Dry run'),
  };
}

/** While it is looked up who may, and what is called how. `externalId` names it for the view that comes in its place. */
export function waitingView(externalId: string): ModalView {
  return { ...wordsView('⏳ One moment…'), external_id: externalId };
}

/** Words in the place of a form: mrkdwn that is safe. */
export function wordsView(words: string): ModalView {
  return view([section([words])]);
}

function view(blocks: KnownBlock[]): ModalView {
  return { type: 'modal', title: plainText('Replay failures'), close: plainText('Close'), blocks };
}

function metadataOf({ draftId, teamId, channelId, given, kept }: Form): FormMetadata {
  const { since = null, until = null } = given;
  return { draftId, teamId, channelId, kept: Object.keys(kept), since, until };
}

function place({ channelId, changes, links = NO_LINKS }: Form): KnownBlock[] {
  const instead =
    changes === null
      ? ''
      : ` Batch ${otherBatch(changes, links, SHOWN)} is withdrawn as soon as the new dry run is there.`;
  if (channelId === null) return [channelChoice()];
  const where = `Posts a dry run in ${channelName(channelId, SHOWN)}; nothing runs until an admin approves.`;
  return [context([`${where}${instead}`])];
}

/** One line of what has no field, or none that would bring it back as it was. */
function keptLine({ kept, links = NO_LINKS }: Form): KnownBlock[] {
  const phrases = keptPhrases(kept, links, SHOWN);
  const line = `${SHOWN.strong('Stays as it was given')}: ${phrases.join(' · ')}`;
  return phrases.length === 0 ? [] : [section([line])];
}

const ROOM = { name: 30, pattern: 200, listed: 5 };

function keptPhrases(kept: Prefill, links: Links, voice: Voice): string[] {
  const { since, until, reason: given = null, sentry_issue: issue, ...filters } = kept;
  const isFiltered = Object.keys(filters).length > 0;
  const phrases = isFiltered ? filterPhrases(completeRequest(filters), [], voice, ROOM, links) : [];
  if (since) phrases.push(`since ${formatInstant(since)}`);
  if (until) phrases.push(`until ${formatInstant(until)}`);
  if (issue) phrases.push(`Sentry issue ${voice.quote(issue, ROOM.pattern)}`);
  const why = reasonPhrase({ reason: given }, voice, null, ROOM.pattern);
  return why === null ? phrases : [...phrases, `reason ${why}`];
}

/** Text that isn't ours, where no markup is read. */
function data(words: string) {
  return { type: 'plain_text', text: words === '' ? '–' : words, emoji: false } as const;
}
