// One guard, and the test that goes red without it.

export type Guard = {
  readonly guard: string;
  /** Removes the guard; a file beside this one. */
  readonly patch: string;
  readonly file: string;
  /** The name of the test in that file. */
  readonly test: string;
};
