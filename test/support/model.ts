// What a plan has to say, worked out a second time in plain TypeScript from the contract's words alone: no SQL and
// nothing of src but types. Times are whole microseconds.
import type { SkipReason } from '../../src/domain/skip-filters.ts';

export type ModelRamp = {
  readonly id: number;
  readonly uuid: string;
  readonly vendorId: number;
  readonly version: number;
  readonly draft: boolean;
  readonly archived: boolean;
  readonly deleted: boolean;
  /** Null: no integration. */
  readonly configured: boolean | null;
};

export type ModelExecution = {
  readonly id: number;
  readonly uuid: string;
  readonly vendorId: number;
  readonly ramp: ModelRamp;
  readonly version: number;
  readonly triggerKey: string;
  readonly status: 'PENDING' | 'RUNNING' | 'SUCCESS' | 'ERROR';
  readonly logs: unknown;
  readonly createdAt: number;
  readonly finishedAt: number | null;
  readonly projects: number;
  /** When it was replayed before, in any order. */
  readonly replayedAt: readonly number[];
};

export type ModelVendor = { readonly id: number; readonly webhook: boolean; readonly email: boolean };

export type ModelRequest = {
  readonly window: { readonly since: number; readonly until: number } | null;
  readonly executionUuids: readonly string[] | null;
  readonly vendorIds: readonly number[] | null;
  readonly rampUuids: readonly string[] | null;
  readonly pattern: string | null;
  readonly forceRetry: boolean;
  readonly configErrorTypes: readonly string[];
};

export type ModelPlan = {
  /** In replay order. */
  readonly eligible: readonly ModelExecution[];
  readonly skipped: ReadonlyMap<string, SkipReason>;
  readonly notFound: readonly string[];
};

/** The plan of `request` over all there is. */
export function planOf(all: readonly ModelExecution[], request: ModelRequest): ModelPlan {
  const matched = all.filter((one) => selects(request, one));
  const unskipped = matched.filter((one) => reasonOf(all, request, one) === null);
  const skipped = new Map<string, SkipReason>();
  for (const one of matched) {
    const reason = reasonOf(all, request, one);
    const newerInPlan = unskipped.some((other) => isSibling(other, one) && isNewer(other, one));
    if (reason !== null) skipped.set(one.uuid, reason);
    else if (newerInPlan) skipped.set(one.uuid, 'duplicate_trigger_pending');
  }
  const eligible = matched.filter((one) => !skipped.has(one.uuid)).sort(byReplayOrder);
  const asked = [...new Set(request.executionUuids?.map((uuid) => uuid.toLowerCase()))];
  const notFound = asked.filter((uuid) => !matched.some((one) => one.uuid === uuid));
  return { eligible, skipped, notFound };
}

function selects(request: ModelRequest, one: ModelExecution): boolean {
  if (request.vendorIds !== null && !request.vendorIds.includes(one.vendorId)) return false;
  if (request.rampUuids !== null && !request.rampUuids.map(lower).includes(one.ramp.uuid)) return false;
  if (request.executionUuids !== null) return request.executionUuids.map(lower).includes(one.uuid);
  return one.status === 'ERROR' && inWindow(request, one);
}

function lower(text: string): string {
  return text.toLowerCase();
}

function inWindow({ window }: ModelRequest, one: ModelExecution): boolean {
  return window === null || (window.since <= one.createdAt && one.createdAt < window.until);
}

/** The first of filters 1 to 9 that applies, as it is judged at the row's turn. */
export function reasonOf(
  all: readonly ModelExecution[],
  request: ModelRequest,
  one: ModelExecution,
): SkipReason | null {
  const error = lastError(one.logs);
  const siblings = all.filter((other) => isSibling(other, one));
  if (one.status !== 'ERROR') return 'status_not_error';
  if (!inWindow(request, one)) return 'outside_time_window';
  if (one.projects > 0) return 'project_already_exists';
  if (one.ramp.deleted) return 'ramp_deleted';
  if (one.ramp.archived) return 'ramp_archived';
  if (one.ramp.draft) return 'workflow_is_draft';
  if (request.pattern !== null && !error.message?.includes(request.pattern)) return 'error_pattern_mismatch';
  if (siblings.some((other) => didTheJob(other, one))) return 'duplicate_trigger_succeeded';
  if (!request.forceRetry && error.type !== null && request.configErrorTypes.includes(error.type)) {
    return 'config_error';
  }
  if (one.ramp.configured === false) return 'integration_disconnected';
  const underWay = siblings.filter((other) => other.status === 'PENDING' || other.status === 'RUNNING');
  return underWay.some((other) => isNewer(other, one)) ? 'duplicate_trigger_pending' : null;
}

function isSibling(other: ModelExecution, one: ModelExecution): boolean {
  return other.id !== one.id && other.ramp.id === one.ramp.id && other.triggerKey === one.triggerKey;
}

function didTheJob(other: ModelExecution, one: ModelExecution): boolean {
  if (other.projects > 0) return true;
  if (other.status !== 'SUCCESS') return false;
  return other.createdAt > one.createdAt || (other.finishedAt !== null && other.finishedAt > one.createdAt);
}

function isNewer(other: ModelExecution, one: ModelExecution): boolean {
  return other.createdAt > one.createdAt || (other.createdAt === one.createdAt && other.id > one.id);
}

/** What the last log entry says, as far as it says anything that is a text. */
export function lastError(logs: unknown): { type: string | null; message: string | null } {
  const entry: unknown = Array.isArray(logs) ? logs.at(-1) : undefined;
  if (typeof entry !== 'object' || entry === null || Array.isArray(entry))
    return { type: null, message: null };
  const text = (value: unknown) => (typeof value === 'string' ? value : null);
  const { error_type, error_message } = entry as Record<string, unknown>;
  return { type: text(error_type), message: text(error_message) };
}

/** Never replayed first, then the least recently replayed, then the oldest, then the lowest id. */
function byReplayOrder(a: ModelExecution, b: ModelExecution): number {
  const last = (one: ModelExecution) => Math.max(Number.NEGATIVE_INFINITY, ...one.replayedAt);
  if (last(a) !== last(b)) return last(a) < last(b) ? -1 : 1;
  return a.createdAt - b.createdAt || a.id - b.id;
}
