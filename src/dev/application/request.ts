// What a call may ask for: the runbook's request fields and no other.
import { z } from 'zod';

/** Any that Postgres takes, not only those that the RFC calls valid. */
const uuids = z.array(z.guid().toLowerCase()).min(1).max(1000).optional();
const instant = z.iso.datetime({ offset: true }).optional();

const Fields = z
  .strictObject({
    since: instant,
    until: instant,
    vendor_ids: z.array(z.number().int().positive()).min(1).max(1000).optional(),
    ramp_uuids: uuids,
    execution_uuids: uuids,
    error_pattern: z.string().min(1).max(500).optional(),
    suppress_notifications: z.boolean().default(false),
    force_retry: z.boolean().default(false),
    dry_run: z.boolean().default(true),
  })
  .superRefine((fields, context) => {
    const byHand = fields.execution_uuids !== undefined;
    if (byHand && (fields.since ?? fields.until) !== undefined) {
      const message = 'execution_uuids and since/until exclude each other';
      context.addIssue({ code: 'custom', path: ['execution_uuids'], message });
    }
    if (!byHand && fields.since === undefined) {
      const message = 'since is required unless execution_uuids is given';
      context.addIssue({ code: 'custom', path: ['since'], message });
    }
  });

export type RetryRequest = z.output<typeof Fields>;

export type Issue = { readonly path: string; readonly message: string };

export type ReadRequest =
  | { readonly kind: 'request'; readonly request: RetryRequest }
  | { readonly kind: 'issues'; readonly issues: readonly Issue[] };

/** The request that the body holds, or everything that is wrong with it. */
export function readRequest(body: string): ReadRequest {
  const json = parseJson(body);
  if (json === undefined) return { kind: 'issues', issues: [{ path: '', message: 'the body is not JSON' }] };
  const parsed = Fields.safeParse(json);
  if (parsed.success) return { kind: 'request', request: parsed.data };
  return { kind: 'issues', issues: parsed.error.issues.flatMap(issuesOf) };
}

function issuesOf(issue: z.core.$ZodIssue): Issue[] {
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((key) => ({ path: key, message: 'there is no such field' }));
  }
  return [{ path: issue.path.join('.'), message: issue.message }];
}

/** Undefined where it is none. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}
