// What Slack delivers to this app over HTTP: the command, clicks on our buttons, and its own checks of the address. Bolt
// reads a body before any listener does, and answers 500 where a part that it looks for is of another type; what it
// finds no listener for it keeps waiting for three seconds. Judges only the shape: who may is the engine's.
import { z } from 'zod';
import { ACTION_IDS } from '../blocks/buttons.ts';
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

const click = z.object({
  type: z.literal('block_actions'),
  user: z.object({ id, team_id: id.optional() }),
  team: z.object({ id }).nullish(),
  enterprise: z.object({ id }).nullish(),
  channel: z.object({ id }).optional(),
  trigger_id: trigger.optional(),
  response_url: z.string().optional(),
  actions: z.array(z.object({ action_id: z.enum(ACTION_IDS) })).min(1),
  ...{ event: absent, command: absent, name: absent, response_urls: absent },
});

const check = z.union([
  z.object({ ssl_check: z.literal('1') }),
  z.object({ type: z.literal('url_verification'), challenge: z.string() }),
]);

const delivery = z.union([command, click, check]);

/** Whether a parsed body is one that this app listens to. */
export function isOurs(body: unknown): boolean {
  return delivery.safeParse(body).success;
}
