// A person picks and types in a view, and searches in an external select. Nothing of it is sent but the search.
import type { Core } from '../core.ts';
import type { Courier, Delivery } from '../delivery/deliver.ts';
import type { Parcel } from '../delivery/parcel.ts';
import { type OptionGroup, optionGroupsIn } from '../validation/options.ts';
import { type Element, elementsOf, findElement } from '../world/elements.ts';
import { filledIn, type Value } from '../world/fields.ts';
import type { Field, FieldsByBlock, View } from '../world/model.ts';
import type { Offered } from '../world/offers.ts';
import { fillView } from '../world/view-stack.ts';
import type { Delivering } from './command.ts';
import { type Naming, userPart, workspacePart } from './payload-parts.ts';
import { person } from './presence.ts';
import { silent } from './refusals.ts';
import { containerOf, type Source, sourceOf, viewOf, type Where } from './source.ts';

/** What a person puts in, by action id, or by `block_id/action_id` where the action id is there twice. */
export type Values = Readonly<Record<string, Value>>;

export interface Filling {
  readonly user: string;
  readonly values: Values;
  /** The modal on top, else the Home tab, where none is named. */
  readonly viewId?: string;
}

/** Which select is meant. */
export function keyOf(user: string, source: Source, { blockId, element }: Element): Offered {
  const at = source.kind === 'view' ? source.view.id : source.message.ts;
  return { user, source: at, blockId, actionId: String(element.action_id) };
}

/** The values as fields; throws where the view has no such input, or an input has no such option. */
export function fieldsIn(core: Core, view: View, values: Values): FieldsByBlock {
  const source: Source = { kind: 'view', view, blocks: view.content.blocks };
  const fields: Record<string, Record<string, Field>> = {};
  for (const [name, value] of Object.entries(values)) {
    const all = elementsOf(view.content.blocks);
    const found =
      all.find((one) => `${one.blockId}/${String(one.element.action_id)}` === name) ??
      findElement(view.content.blocks, name);
    const { blockId, element } = found;
    const field = filledIn(element, value, core.offers.of(keyOf(view.user, source, found)));
    fields[blockId] = { ...fields[blockId], [String(element.action_id)]: field };
  }
  return fields;
}

/** Puts values into a view; it stays open, and the app hears nothing. */
export function fill(core: Core, { user, values, viewId }: Filling): View {
  const view = viewOf(core, person(core, user).id, viewId);
  return fillView(core.world, view, fieldsIn(core, view, values));
}

export interface Search extends Delivering, Where {
  readonly actionId: string;
  readonly blockId?: string;
  readonly query: string;
  /** On an Enterprise Grid Slack names the organisation here, where nothing else is said. */
  readonly naming?: Naming;
}

export interface Suggested extends Delivery {
  /** What can be picked now; none where the app was late, wrong or wasn't asked: Slack shows "No results" then. */
  readonly options: readonly Field[];
  /** The same as the app grouped them; without groups it is one without a label. */
  readonly groups: readonly OptionGroup[];
}

/** Slack asks the app from this many characters on, unless the select says otherwise. */
const MIN_QUERY = 3;

function parcelOf(core: Core, source: Source, { element, blockId }: Element, search: Search): Parcel {
  return {
    what: 'block_suggestion',
    user: search.user,
    payload: {
      type: 'block_suggestion',
      user: userPart(core, person(core, search.user), search.naming ?? 'organisation'),
      ...containerOf(core, source),
      ...workspacePart(core),
      action_id: element.action_id,
      block_id: blockId,
      value: search.query,
    },
  };
}

const none = (delivery: Delivery, reason?: string): Suggested => ({
  ...delivery,
  options: [],
  groups: [],
  ...(reason === undefined ? {} : { reason }),
});

function whyNot(courier: Courier, core: Core, { element }: Element, query: string): string | undefined {
  if (!String(element.type).endsWith('external_select')) {
    throw new Error(`${String(element.action_id)} is a ${String(element.type)}: there is nothing to search`);
  }
  if ([...query].length < Number(element.min_query_length ?? MIN_QUERY)) return 'too little is typed';
  const hasUrl = courier.via() === 'socket' || core.world.app.optionsUrl === true;
  return hasUrl ? undefined : "the app's manifest has no message_menu_options_url";
}

function read(delivery: Delivery): ReturnType<typeof optionGroupsIn> {
  try {
    return optionGroupsIn(JSON.parse(delivery.body) as unknown);
  } catch {
    return { ok: false, reason: 'the answer is no JSON' };
  }
}

/** Types into an external select; resolves with what the app offers. What is offered can be picked afterwards. */
export async function suggest(core: Core, courier: Courier, search: Search): Promise<Suggested> {
  const { user, viewId, ts } = search;
  const source = sourceOf(core, ts ? search : { ...search, viewId: viewOf(core, user, viewId).id });
  const found = findElement(source.blocks, search.actionId, search.blockId);
  const reason = whyNot(courier, core, found, search.query);
  if (reason) return none(silent(reason));
  const [delivery] = await courier.deliver(parcelOf(core, source, found, search), search);
  if (delivery.outcome !== 'acknowledged') return none(delivery);
  const verdict = read(delivery);
  if (!verdict.ok) return none(delivery, verdict.reason);
  const options = verdict.groups.flatMap((group) => group.options);
  core.offers.note(keyOf(user, source, found), options);
  return { ...delivery, options, groups: verdict.groups };
}
