// The news of its projects that a suppressed run owes its customers: how much of it, and what came of sending it.

/** How a customer is told of a project. */
export const NEWS_KINDS = ['webhook', 'email'] as const;

export type NewsKind = (typeof NEWS_KINDS)[number];

/** How many of each, to how many customers. */
export type NewsSums = { readonly webhooks: number; readonly emails: number; readonly customers: number };

/** What is still owed to one customer. */
export type CustomerNews = {
  readonly vendorId: number;
  readonly name: string;
  readonly webhooks: number;
  readonly emails: number;
};

/** One customer of a run, and how things stand with the news of the projects that it created for them. */
export type CustomerOwed = CustomerNews & {
  /** Webhooks and e-mails that were asked for already, delivered or not. */
  readonly asked: number;
  /** Projects that are not there any more. */
  readonly gone: number;
};

/** Whose news somebody chose, by kind: customers' ids, or everybody's. */
export type Chosen = Readonly<Record<NewsKind, readonly number[] | 'all'>>;

/** What was shown and then not sent, by why. */
export const LEFT_OUT = ['gone', 'asked', 'nowhere', 'unsaid'] as const;

export type LeftOut = Readonly<Record<(typeof LEFT_OUT)[number], number>>;

/** The sums over customers; who is owed nothing is not counted. */
export function sumsOf(customers: readonly CustomerNews[]): NewsSums {
  const owed = customers.filter(({ webhooks, emails }) => webhooks + emails > 0);
  return {
    webhooks: owed.reduce((sum, one) => sum + one.webhooks, 0),
    emails: owed.reduce((sum, one) => sum + one.emails, 0),
    customers: owed.length,
  };
}
