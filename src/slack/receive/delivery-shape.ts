// What Slack delivers to this app over HTTP: the command, clicks on our buttons, our views with their searches, the shortcuts
// that lead to the form, openings of the app, and its own checks of the address. Bolt
// reads a body before any listener does, and answers 500 where a part that it looks for is of another type; what it
// finds no listener for it keeps waiting for three seconds. Judges only the shape: who may is the engine's.
import { z } from 'zod';
import { ACTION_IDS } from '../blocks/buttons.ts';
import { FORM_IDS } from '../blocks/form.ts';
import { SEARCHES } from '../blocks/form-inputs.ts';
import { OWED_IDS, OWED_SEARCHES } from '../blocks/owed.ts';
import { COMMAND } from '../command/print-command.ts';

/** Nothing that Postgres can't store, and no name that every object has: Bolt looks teams up in a plain one. */
const id = z.string().regex(/^[A-Z0-9]{1,255}$/);
const trigger = z.string().regex(/^[\x21-\x7e]{1,255}$/);
/** By these Bolt would take a payload for one of another kind, or look for an address to answer to. */
const absent = z.undefined().optional();

const command = z.object({
  command: z.literal(COMMAND),
  text: z.string().optional(),
  team_id: id,
  user_id: id,
  channel_id: id,
  trigger_id: trigger.optional(),
  response_url: z.string().optional(),
  ...{ event: absent, response_urls: absent },
});

const from = {
  user: z.object({ id, team_id: id.optional() }),
  team: z.object({ id }).nullish(),
  enterprise: z.object({ id }).nullish(),
  trigger_id: trigger.optional(),
};

const click = z.object({
  type: z.literal('block_actions'),
  ...from,
  channel: z.object({ id }).optional(),
  response_url: z.string().optional(),
  // The form's own button stands in the Home tab.
  actions: z.array(z.object({ action_id: z.enum([...Object.values(ACTION_IDS), FORM_IDS.shortcut]) })).min(1),
  ...{ event: absent, command: absent, name: absent, response_urls: absent },
});

/** What other kinds of payload have, for those of the form. */
const foreign = {
  ...{ event: absent, command: absent, name: absent, actions: absent, view: absent },
  ...{ response_url: absent, response_urls: absent },
};

const shortcut = z.object({
  ...foreign,
  ...from,
  type: z.literal('shortcut'),
  callback_id: z.literal(FORM_IDS.shortcut),
});

const messageShortcut = z.object({
  ...foreign,
  ...from,
  type: z.literal('message_action'),
  callback_id: z.literal(FORM_IDS.messageShortcut),
  channel: z.object({ id }),
  response_url: z.string().optional(),
});

const view = z.object({
  callback_id: z.enum([FORM_IDS.modal, ...Object.values(OWED_IDS)]),
  app_installed_team_id: id.nullish(),
});

const submission = z.object({
  ...foreign,
  ...from,
  type: z.literal('view_submission'),
  view,
  // None of our inputs asks for addresses to answer to, and then Slack sends an empty list.
  response_urls: z.array(z.unknown()).max(0).optional(),
});

const suggestion = z.object({
  ...foreign,
  ...from,
  type: z.literal('block_suggestion'),
  action_id: z.enum([...Object.values(SEARCHES), ...Object.values(OWED_SEARCHES)]),
  value: z.string(),
  view,
  channel: z.object({ id }).optional(),
});

/** Somebody opens the app. Bolt takes ids of organisation and person from all of these. */
const homeOpened = z.object({
  type: z.literal('event_callback'),
  team_id: id.nullish(),
  enterprise_id: id.nullish(),
  event_id: z.string().regex(/^[A-Za-z0-9]{1,255}$/),
  authorizations: z
    .array(
      z.object({
        team_id: id.nullish(),
        enterprise_id: id.nullish(),
        is_enterprise_install: z.boolean().optional(),
      }),
    )
    .optional(),
  event: z.object({
    type: z.literal('app_home_opened'),
    user: id,
    channel: id.optional(),
    tab: z.string(),
    ...{ channel_id: absent, item: absent, subteam: absent },
  }),
  ...{ command: absent, name: absent, actions: absent, response_urls: absent },
});

const check = z.union([
  z.object({ ssl_check: z.literal('1') }),
  z.object({ type: z.literal('url_verification'), challenge: z.string() }),
]);

const delivery = z.union([
  command,
  click,
  shortcut,
  messageShortcut,
  submission,
  suggestion,
  homeOpened,
  check,
]);

/** Whether a parsed body is one that this app listens to. */
export function isOurs(body: unknown): boolean {
  return delivery.safeParse(body).success;
}
