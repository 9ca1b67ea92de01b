// What Slack brings of the views of owed notifications: who, from where, what stands in the view's inputs and metadata.
import { z } from 'zod';
import type { Chosen, NewsKind } from '../../domain/owed.ts';
import { EVERYBODY } from '../blocks/owed.ts';
import { type OwedMetadata, readOwedMetadata } from '../blocks/owed-metadata.ts';
import type { Delivery } from './context.ts';
import { type FormState, formState } from './form-values.ts';
import { interaction, whoseIs } from './interaction.ts';
import type { Sender } from './organisation.ts';

const schema = interaction.extend({
  view: z.object({ private_metadata: z.string(), state: formState.optional().catch(undefined) }),
});

export type FromOwedView = Pick<Delivery, 'origin' | 'place'> & {
  readonly sender: Sender;
  readonly triggerId: string | undefined;
  readonly metadata: OwedMetadata;
  readonly state: FormState;
};

/** Null where another release, or nobody of ours, made the view. */
export function readOwedView(body: unknown): FromOwedView | null {
  const parsed = schema.safeParse(body).data;
  const metadata = parsed === undefined ? null : readOwedMetadata(parsed.view.private_metadata);
  if (parsed === undefined || metadata === null) return null;
  return {
    metadata,
    ...whoseIs(parsed),
    place: {
      channelId: metadata.channelId ?? undefined,
      messageTs: metadata.messageTs ?? undefined,
      threadTs: metadata.threadTs ?? undefined,
    },
    state: parsed.view.state ?? { values: {} },
  };
}

/** Whose news is ticked or picked, by kind. */
export function chosenIn(state: FormState): Chosen {
  return { webhook: pickedIn(state, 'webhook'), email: pickedIn(state, 'email') };
}

/** The first input of the view, where a mistake of all of it stands; null where it has none. */
export function firstBlockOf({ values }: FormState): string | null {
  return Object.keys(values)[0] ?? null;
}

function pickedIn({ values }: FormState, kind: NewsKind): readonly number[] | 'all' {
  const block = Object.hasOwn(values, kind) ? (values[kind] ?? {}) : {};
  const picked = Object.values(block)[0]?.selected_options?.map(({ value }) => value) ?? [];
  if (picked.includes(EVERYBODY)) return 'all';
  return picked.map(Number).filter((id) => Number.isSafeInteger(id));
}
