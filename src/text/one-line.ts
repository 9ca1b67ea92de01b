// Text out of the database as one line of a header or a subject: it can't start a header of its own.

/** Control characters, line ends and the marks that reverse the reading direction become one space. */
export function oneLine(text: string): string {
  return text.replace(/[\p{Cc}\s\u2028\u2029\u202a-\u202e\u2066-\u2069]+/gu, ' ').trim();
}
