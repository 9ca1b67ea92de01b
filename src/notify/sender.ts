// Turns a stored notification into one try of sending it: the webhook or the e-mail about a new project.
import type { Sender, Sent } from '../engine/ports.ts';
import type { DueNotification } from '../store/notifications.ts';
import { createMailer } from './email.ts';
import { type ProjectCreated, projectCreatedBody, projectCreatedEmail } from './project-created.ts';
import { sendWebhook } from './webhook.ts';

export type SenderOptions = {
  readonly smtpUrl: string | null;
  readonly mailFrom: string | null;
  readonly allowPlain: boolean;
  readonly allowPrivate: boolean;
};

/** A sender for both kinds; `close` ends the connection to the mail server. */
export function createSender(options: SenderOptions): Sender & { close(): void } {
  const mailer = createMailer(options.smtpUrl, options.mailFrom, { allowPlain: options.allowPlain });
  return {
    send: async (due) => {
      const project = projectOf(due);
      const createdAt = new Date(due.content.created_at);
      if (due.kind === 'email') {
        if (due.email === null) return gone('the vendor has no notify_email any more');
        return mailer.send({ id: due.id, to: due.email, ...projectCreatedEmail(project, createdAt) });
      }
      if (due.webhookUrl === null) return gone('the vendor has no crm_webhook_url any more');
      return sendWebhook(
        {
          id: due.id,
          url: due.webhookUrl,
          secret: due.webhookSecret,
          body: projectCreatedBody(project, createdAt),
        },
        { allowPrivate: options.allowPrivate, now: Date.now },
      );
    },
    close: () => mailer.close(),
  };
}

function gone(reason: string): Sent {
  return { kind: 'failed', reason: `${reason}; set it and redeliver`, permanent: true };
}

function projectOf({ content }: DueNotification): ProjectCreated {
  return {
    projectUuid: content.project_uuid,
    executionUuid: content.execution_uuid,
    vendorId: content.vendor_id,
    rampUuid: content.ramp_uuid,
    accountId: content.account_id,
    accountExternalId: content.account_external_id,
    name: content.name,
  };
}
