// One thing a message would do in real Slack besides being read.

export interface Finding {
  readonly kind:
    | 'user_mention'
    | 'group_mention'
    | 'channel_mention'
    | 'broadcast'
    | 'link'
    | 'unfurl'
    | 'image';
  /** The id mentioned, the range called, or the URL. */
  readonly value: string;
  /** What a reader sees instead of the URL, which may be a lie. */
  readonly label?: string;
  /** `auto`: nobody wrote it as such; Slack makes it one because it was not told to leave the text alone. */
  readonly source: 'markup' | 'auto' | 'element';
  /** JSON pointer into the message: `/text`, `/blocks/2/text`. */
  readonly where: string;
}
