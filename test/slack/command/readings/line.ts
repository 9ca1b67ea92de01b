// One typed line of the corpus, and what it is. The clock stands at 2026-05-12T08:00:00Z, a Tuesday.

/** `clear`: it runs. `reading`: it is shown as this command. `slip`: a mistake with this command, which is whole. */
export type Line =
  | readonly [typed: string, kind: 'clear' | 'reading' | 'slip', command: string]
  /** A mistake that shows what is left to fill in; `hole` is a piece of that. */
  | readonly [typed: string, kind: 'unread', hole: string]
  | readonly [typed: string, kind: 'help'];

export const A = '0b8c4c52-6a1f-4d0e-8f3a-2d9b7c5e4a31';
export const B = '5f1e8c1a-3b9d-4f57-9a44-0c2d6f1b7e10';
