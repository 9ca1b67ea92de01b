// A person's Home tab: what waits for them, what runs, what ended last, the brake, and who they are to the bot. Errors and what
// they say are none of it.
import type { KnownBlock } from '@slack/types';
import type { BrakeStanding } from '../../store/brake.ts';
import type { FoundIdentity } from '../../store/identities.ts';
import { sentence } from '../../text/untrusted.ts';
import { helpText } from '../command/help.ts';
import { type BatchCard, cardBlocks } from './batch-card.ts';
import { brakeLine } from './brake.ts';
import { counted } from './figures.ts';
import { FORM_IDS } from './form.ts';
import { context, header, plainText, section } from './message.ts';
import { namesInWords } from './refusals.ts';
import { SHOWN } from './voice.ts';

/** Who somebody is to the bot. */
export type Me = {
  readonly userId: string;
  /** The id that a mapping of theirs should stand under. */
  readonly teamId: string;
  readonly found: FoundIdentity;
  readonly isAdmin: boolean;
};

export type HomePage = {
  readonly me: Me;
  readonly brake: BrakeStanding;
  readonly waiting: readonly BatchCard[];
  readonly running: readonly BatchCard[];
  /** Open ones that are not shown. */
  readonly more: number;
  readonly ended: readonly BatchCard[];
  /** Those who can approve, by name. */
  readonly whoCan: readonly string[];
};

export type HomeTab = { readonly type: 'home'; readonly blocks: KnownBlock[] };

const OPTIONS = { buttons: true, errorText: false } as const;

/** For whoever may use the bot. */
export function homeView(page: HomePage): HomeTab {
  const { me, brake, waiting, running, ended, more } = page;
  const blocks: KnownBlock[] = [
    section([brakeLine(brake, SHOWN), ...whoAmI(me), ...whoCan(page)]),
    newButton(),
    ...part(me.isAdmin ? 'Waiting for me' : 'Mine, waiting for approval', waiting, 'Nothing waits.'),
    ...part('Running', running, 'Nothing runs.'),
    ...(more > 0
      ? [context([`… and ${counted(more, 'more')} that are open: \`/retry-batch status\`.`])]
      : []),
    ...part('Lately ended', ended, 'Nothing has ended yet.'),
    context([
      '`/retry-batch help` says what can be asked for, `/retry-batch status` shows the same in a channel.',
    ]),
  ];
  return { type: 'home', blocks };
}

/** For guests, foreigners and whoever else may not ask: how it is used, and nothing of anybody's. `now` in milliseconds. */
export function helpView(now: number): HomeTab {
  return { type: 'home', blocks: [header('/retry-batch'), section(helpText(now).split('\n'))] };
}

/** What begins something new: the form, with a choice of channel. */
function newButton(): KnownBlock {
  const text = plainText('New dry run');
  return {
    type: 'actions',
    elements: [{ type: 'button', action_id: FORM_IDS.shortcut, text, style: 'primary' }],
  };
}

function part(title: string, cards: readonly BatchCard[], none: string): KnownBlock[] {
  const shown = cards.flatMap((card) => cardBlocks(card, OPTIONS));
  return [header(title), ...(shown.length === 0 ? [context([none])] : shown)];
}

function whoAmI({ userId, teamId, found, isAdmin }: Me): string[] {
  const team = `${teamId.startsWith('E') ? 'organisation' : 'team'} ${SHOWN.quote(teamId, 30)}`;
  const unmapped = `You are mapped to no OnRamp user, so you can ask for dry runs and not approve them. Whoever runs the bot can map ${team}, user ${SHOWN.quote(userId, 30)}.`;
  switch (found.kind) {
    case 'none':
      return [unmapped];
    case 'several':
      return [
        'You are mapped to different OnRamp users, so you can approve as none of them. Whoever runs the bot can revoke all but one.',
      ];
    case 'one': {
      const { user, active } = found.identity;
      const name = sentence(user.email.split('@')[0] ?? '', 30);
      const as = `You are mapped to OnRamp user ${user.id} (${name})`;
      if (!active) return [`${as}, who is inactive, so you can't approve. An OnRamp admin can activate it.`];
      return [
        isAdmin
          ? `${as} and may approve.`
          : `${as}, who lacks the role \`ONRAMP_ADMIN\`, so you can't approve.`,
      ];
    }
  }
}

function whoCan({ whoCan: names }: HomePage): string[] {
  return [
    names.length === 0 ? 'Nobody is mapped who can approve.' : `Who can approve: ${namesInWords(names)}.`,
  ];
}
