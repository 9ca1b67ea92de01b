// Options of the form's searches: answered in the acknowledgement, within two seconds or with none. The same question may
// come any number of times, and is answered each time.
import type { PlainTextOption } from '@slack/types';
import { z } from 'zod';
import { customersLike, workflowsLike } from '../../store/search.ts';
import { SEARCHES } from '../blocks/form-inputs.ts';
import { readMetadata } from '../blocks/form-metadata.ts';
import { customerOption, workflowOption } from '../blocks/form-options.ts';
import { SLACK } from '../blocks/limits.ts';
import { isForeign, type SlackContext } from './context.ts';
import { channelIn, formState } from './form-values.ts';
import { interaction, whoseIs } from './interaction.ts';
import { whoAsks } from './may-ask.ts';

export type SuggestionArguments = {
  readonly body: unknown;
  readonly ack: (answer: { readonly options: PlainTextOption[] }) => Promise<void>;
};

const suggestion = interaction.extend({
  action_id: z.enum(SEARCHES),
  value: z.string(),
  view: z.object({ private_metadata: z.string(), state: formState.optional().catch(undefined) }),
});

type Suggestion = z.output<typeof suggestion>;

/** Slack waits three seconds, and then shows that something is broken. */
const LIMIT_MS = 1800;

/** What a search finds; none for whoever may not look. */
export type Finding = (context: SlackContext, body: unknown) => Promise<PlainTextOption[]>;

/** Answers one search with what `find` finds in time. */
export async function onSuggestion(
  context: SlackContext,
  { body, ack }: SuggestionArguments,
  find: Finding = inForm,
): Promise<void> {
  const done = new AbortController();
  const late = context.ports.clock.sleep(LIMIT_MS, done.signal).then(() => []);
  const found = find(context, body).catch((error: unknown) => {
    context.onError(error, 'search');
    return [];
  });
  const options = await Promise.race([found, late]);
  done.abort();
  await ack({ options });
}

async function inForm(context: SlackContext, body: unknown): Promise<PlainTextOption[]> {
  const asked = suggestion.safeParse(body).data;
  if (asked === undefined) return [];
  const [isAllowed, found] = await Promise.all([mayAsk(context, asked), search(context, asked)]);
  return isAllowed ? found : [];
}

/** The same as when the form is opened and sent. Nothing is audited: somebody types. */
async function mayAsk(context: SlackContext, suggestion: Suggestion): Promise<boolean> {
  const { view } = suggestion;
  const metadata = readMetadata(view.private_metadata);
  if (metadata === null) return false;
  const { sender, origin } = whoseIs(suggestion);
  if (isForeign(context, { sender, origin })) return false;
  const picked = metadata.channelId ?? (view.state === undefined ? null : channelIn(view.state));
  const { refusal } = await whoAsks(context, sender, picked === null ? null : { channel_id: picked });
  return refusal === null;
}

async function search({ ports }: SlackContext, { action_id, value }: Suggestion): Promise<PlainTextOption[]> {
  const tx = ports.db.reading;
  switch (action_id) {
    case SEARCHES.vendor_ids:
      return (await customersLike(tx, value, SLACK.options)).map((one) => customerOption(one));
    case SEARCHES.ramp_uuids:
      return (await workflowsLike(tx, value, SLACK.options)).map(workflowOption);
  }
}
