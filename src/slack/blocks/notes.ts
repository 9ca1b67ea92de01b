// What a dry run says besides its plan: how times and fields were read, and, marked as such, what should give pause.

/** A note that begins with it is a warning: it stands in the channel, the others in the thread's first reply. */
export const WARNS = '⚠️';

/** The notes that are warnings, without their mark. */
export function warningsIn(notes: readonly string[]): string[] {
  return notes.flatMap((note) => (note.startsWith(WARNS) ? [note.slice(WARNS.length).trim()] : []));
}
