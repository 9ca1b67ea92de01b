// A mistake in blocks or in a view, in the words that Slack answers with.

export interface Problem {
  readonly code: 'failed_constraint' | 'missing_field' | 'invalid_block' | 'too_long';
  readonly message: string;
  /** JSON pointer to the place, from the payload's root: `/blocks/0/text/text`. */
  readonly pointer: string;
  readonly constraint?: { readonly type: string; readonly expected?: string[]; readonly got?: string };
}

/** As in `errors` of an answer: `no more than 25 items allowed [json-pointer:/blocks/1/elements]`. */
export const withPointer = (problem: Problem): string =>
  `${problem.message} [json-pointer:${problem.pointer}]`;

/** As in `response_metadata.messages`. */
export const asMetadataMessage = (problem: Problem): string => `[ERROR] ${withPointer(problem)}`;
