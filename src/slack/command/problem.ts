// A mistake in a slash command: what it is about and what to do. Text of the operator is only ever quoted
// through `quote`, shortened; escaping for Slack is done where a message is built, never here.

/** `field` is the field's name (as typed where it is unknown); null where no field is meant. */
export type Problem = { readonly field: string | null; readonly message: string };

const QUOTED = 60;

/** The operator's words inside a sentence: one line, no invisible characters, at most 60 characters. */
export function quote(text: string): string {
  return `“${shorten(text)}”`;
}

/** One line of at most 60 characters, cut between characters. */
export function shorten(text: string): string {
  // Four units a character are plenty: whatever is cut off beyond would not be shown anyway.
  const line = [...text.slice(0, QUOTED * 4).replaceAll(/[\p{C}\p{Zl}\p{Zp}\s]+/gu, ' ')];
  const all = line.length <= QUOTED && text.length <= QUOTED * 4;
  return all ? line.join('') : `${line.slice(0, QUOTED - 1).join('')}…`;
}
