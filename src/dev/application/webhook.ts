// PROJECT_CREATED to the customer's CRM, signed as Standard Webhooks are. One try: what gets lost is lost.
import { createHmac, randomUUID } from 'node:crypto';
import type pg from 'pg';
import type { Execution } from './executions.ts';
import type { Project } from './workflow.ts';

type Receiver = { readonly url: string | null; readonly secret: string | null };

/** Sends it after the commit; nobody waits for it. */
export function announceProject(db: pg.Pool, execution: Execution, project: Project): void {
  void send(db, execution, project).catch((error: unknown) => {
    process.stderr.write(`webhook of project ${project.uuid}: ${String(error)}\n`);
  });
}

async function send(db: pg.Pool, execution: Execution, project: Project): Promise<void> {
  const { rows } = await db.query<Receiver>(
    'select crm_webhook_url as url, crm_webhook_secret as secret from or_vendors where id = $1',
    [execution.vendor_id],
  );
  const [receiver] = rows;
  if (!receiver?.url) return;
  const body = JSON.stringify({
    type: 'PROJECT_CREATED',
    timestamp: new Date().toISOString(),
    data: {
      project_uuid: project.uuid,
      execution_uuid: execution.execution_uuid,
      vendor_id: execution.vendor_id,
      name: project.name,
    },
  });
  const headers = { 'content-type': 'application/json', ...signed(receiver.secret, body) };
  await fetch(receiver.url, { method: 'POST', headers, body, signal: AbortSignal.timeout(10_000) });
}

function signed(secret: string | null, body: string): Record<string, string> {
  const id = `msg_${randomUUID()}`;
  const timestamp = String(Math.floor(Date.now() / 1000));
  const sent = { 'webhook-id': id, 'webhook-timestamp': timestamp };
  if (!secret) return sent;
  const key = secret.startsWith('whsec_') ? Buffer.from(secret.slice(6), 'base64') : Buffer.from(secret);
  const digest = createHmac('sha256', key).update(`${id}.${timestamp}.${body}`).digest('base64');
  return { ...sent, 'webhook-signature': `v1,${digest}` };
}
