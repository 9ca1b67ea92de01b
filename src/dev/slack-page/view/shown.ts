// What a window is told of what it shows: the server's answer, and what the page's script reads.

export type PageView = {
  readonly regions: Readonly<Record<string, string>>;
  readonly channel: string;
  readonly channelName: string;
  /** Above the box to write in: `Message #general`, or why there is none to write in. */
  readonly composer: string;
  readonly canWrite: boolean;
  /** The app's Home tab is shown instead of messages. */
  readonly isHome: boolean;
  /** Unread messages in the other channels, for the window's title. */
  readonly unread: number;
  readonly lastRead: string;
  readonly latest: string;
  readonly threadOpen: boolean;
  readonly thread: { readonly lastRead: string; readonly latest: string };
  readonly modal: string;
  /** The window shows it, and takes nothing. */
  readonly startingOver: boolean;
};
