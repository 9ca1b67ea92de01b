// A table as data: whoever shows it, a terminal or a page, draws it its own way.

export type Cell = string | number | null;

export type Head = {
  readonly head: string;
  /** A text that may be cut to so many columns of a terminal where room is wanting. */
  readonly atLeast?: number;
  /** May be left out of a terminal where that is not enough: the highest number goes first. */
  readonly leaveOut?: number;
};

export type Table = { readonly heads: readonly Head[]; readonly rows: readonly (readonly Cell[])[] };
