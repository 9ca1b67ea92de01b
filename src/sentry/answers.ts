// What is read of Sentry's answers. Any JSON may come: what has not this shape is no answer of Sentry's, and nothing else is
// kept of it.
import { z } from 'zod';
import { SHORT_ID } from '../domain/sentry.ts';
import { NotAsked } from './client.ts';

const text = z.string().nullish().catch(null);
const time = z.iso.datetime({ offset: true }).transform((at) => new Date(at).toISOString());

const issue = z.object({
  id: z.string().regex(/^\d{1,20}$/),
  shortId: z.string().toUpperCase().regex(SHORT_ID),
  lastSeen: time.nullish().catch(null),
  metadata: z.object({ type: text, value: text }).nullish().catch(null),
  project: z.object({ slug: text }).nullish().catch(null),
});

export type Issue = z.output<typeof issue>;

/** The issue of `organizations/…/issues/…/`. Throws NotAsked. */
export const asIssue = reading(issue);

/** The same of `organizations/…/shortids/…/`. Throws NotAsked. */
export const asResolved = reading(z.object({ group: issue }).transform(({ group }) => group));

/** Of a list, what is an issue: there are kinds that have no type. Throws NotAsked. */
export const asIssues = reading(
  z.array(z.unknown()).transform((all) =>
    all.flatMap((one) => {
      const read = issue.safeParse(one);
      return read.success ? [read.data] : [];
    }),
  ),
);

/** When each event of a page was, the newest first. Throws NotAsked. */
export const asEventTimes = reading(
  z
    .array(z.object({ dateCreated: time }).transform((one) => one.dateCreated))
    .transform((all) => all.sort().reverse()),
);

function reading<Schema extends z.ZodType>(schema: Schema) {
  return (body: unknown): z.output<Schema> => {
    const read = schema.safeParse(body);
    if (!read.success) throw new NotAsked("an answer that is not Sentry's");
    return read.data;
  };
}
