// Of what somebody was shown: what is sent, and what is left out, by why. Nothing that was not shown is ever made into news.
import { randomUUID } from 'node:crypto';
import { type LeftOut, NEWS_KINDS, type NewsKind, type NewsSums } from '../../domain/owed.ts';
import type { News, OwedChoice, ToTell } from '../../store/owed-choices.ts';
import type { RowReplayer } from '../ports.ts';

type Why = keyof LeftOut;

export type Tallied = {
  readonly sums: NewsSums;
  /** The customers, those with the most news first. */
  readonly vendorIds: readonly number[];
  readonly leftOut: LeftOut;
};

export class OwedTally {
  private readonly chosen: Readonly<Record<NewsKind, ReadonlySet<number>>>;
  private readonly sent = { webhook: 0, email: 0 };
  private readonly byVendor = new Map<number, number>();
  private readonly left = { gone: 0, asked: 0, nowhere: 0, unsaid: 0 };

  constructor({ webhooks, emails }: OwedChoice) {
    this.chosen = { webhook: new Set(webhooks), email: new Set(emails) };
    // Until its project is seen each counts as gone: of lists that went there is none.
    this.left.gone = webhooks.length + emails.length;
  }

  /** What is to be stored for a project; what is left out of it is counted. */
  newsFor(replayer: RowReplayer, project: ToTell): News[] {
    return NEWS_KINDS.filter((kind) => this.chosen[kind].has(project.position)).flatMap((kind) => {
      const made = makeNews(replayer, project, kind);
      if (typeof made !== 'string') return [made];
      this.leave(made);
      return [];
    });
  }

  /** Counts what was stored; the rest had been asked for in the same moment. */
  stored(news: readonly News[], ids: readonly string[]): void {
    for (const { id, kind, content } of news) {
      if (!ids.includes(id)) {
        this.leave('asked');
        continue;
      }
      this.left.gone -= 1;
      this.sent[kind] += 1;
      this.byVendor.set(content.vendor_id, (this.byVendor.get(content.vendor_id) ?? 0) + 1);
    }
  }

  result(): Tallied {
    const vendors = [...this.byVendor].sort(([, a], [, b]) => b - a);
    return {
      sums: { webhooks: this.sent.webhook, emails: this.sent.email, customers: vendors.length },
      vendorIds: vendors.map(([id]) => id),
      leftOut: { ...this.left },
    };
  }

  private leave(why: Why): void {
    this.left.gone -= 1;
    this.left[why] += 1;
  }
}

function makeNews(replayer: RowReplayer, project: ToTell, kind: NewsKind): News | Why {
  const { accountId, createdAt, executionId, projectUuid } = project;
  if (accountId === null || createdAt === null) return 'gone';
  const isWebhook = kind === 'webhook';
  if (isWebhook ? project.webhookAsked : project.emailAsked) return 'asked';
  if (!(isWebhook ? project.hasWebhook : project.hasEmail)) return 'nowhere';
  const says = replayer.newsOf(project, projectUuid);
  if (says === null) return 'unsaid';
  const content = { ...says, account_id: accountId, created_at: createdAt };
  return { id: randomUUID(), kind, executionId, content };
}
