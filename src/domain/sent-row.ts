// What became of a row that was sent to the application: decided by what its tables show, and only then by what the
// endpoint said (contract "replaying through an endpoint that exists").

/** What OnRamp's tables show of it. */
export type Signs = {
  readonly succeeded: boolean;
  readonly projectUuid: string | null;
  /** It has more history entries of replays than when it was first sent, but for those of other batches. */
  readonly entered: boolean;
  /** The error as the new history entry tells it, and as a new entry of the log does. */
  readonly entry: ToldError | null;
  readonly log: ToldError | null;
};

export type ToldError = { readonly errorType: string | null; readonly errorMessage: string | null };

/** What the endpoint's answer says of it, where it names it. */
export type Named =
  | { readonly kind: 'skipped'; readonly reason: string; readonly detail: string }
  | ({ readonly kind: 'error' } & ToldError);

export type Verdict =
  | { readonly kind: 'success'; readonly projectUuid: string }
  | { readonly kind: 'error'; readonly errorType: string; readonly errorMessage: string }
  | { readonly kind: 'skipped'; readonly reason: string; readonly detail: string }
  /** Locked by somebody else at its turn. */
  | { readonly kind: 'deferred' }
  /** Only one of project and SUCCESS: the other may still come. */
  | { readonly kind: 'half' }
  /** Nothing shows that it was tried. */
  | { readonly kind: 'not_tried' };

const NOT_TOLD = 'not told';

/** The contract's six rules, in its order. */
export function verdictOn(signs: Signs, named: Named | undefined): Verdict {
  const { succeeded, projectUuid, entered } = signs;
  if (named?.kind === 'skipped' && !entered) {
    if (named.reason === 'locked') return { kind: 'deferred' };
    return { kind: 'skipped', reason: named.reason, detail: named.detail };
  }
  if (projectUuid !== null && succeeded) return { kind: 'success', projectUuid };
  const answered = named?.kind === 'error' ? named : null;
  if (entered) return failed([signs.entry, signs.log, answered]);
  if (answered !== null) return failed([answered]);
  return projectUuid !== null || succeeded ? { kind: 'half' } : { kind: 'not_tried' };
}

/** What a row comes to that has only a project, or only SUCCESS, when the time is up. */
export function inconsistent(signs: Signs): Extract<Verdict, { kind: 'error' }> {
  const has = signs.projectUuid === null ? 'SUCCESS and no project' : 'a project and no SUCCESS';
  return { kind: 'error', errorType: 'Inconsistent', errorMessage: `the execution has ${has}` };
}

/** The first that tells anything. */
function failed(told: readonly (ToldError | null)[]): Extract<Verdict, { kind: 'error' }> {
  const by = told.find((one) => one !== null && (one.errorType !== null || one.errorMessage !== null));
  return { kind: 'error', errorType: by?.errorType ?? NOT_TOLD, errorMessage: by?.errorMessage ?? '' };
}
