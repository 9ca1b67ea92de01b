// Text of the operator inside Slack's mrkdwn. Must never leave a character with which text could mention
// somebody, make a link or end a code span.

/** Slack's three control characters, escaped. */
export function escapeMrkdwn(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}

/** The same for text between backticks: one inside becomes a look-alike that ends nothing. */
export function inCode(text: string): string {
  return escapeMrkdwn(text.replaceAll('`', 'ˋ'));
}
