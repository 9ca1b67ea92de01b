// Executions that failed behind a dry run's window and that its request would match: so many are known.

export type Newer = {
  readonly rows: number;
  /** Not all were looked at, or counted: it is this many at least, or more than that. */
  readonly known: 'exactly' | 'at least' | 'more than';
};
