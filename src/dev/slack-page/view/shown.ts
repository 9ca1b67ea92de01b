// What a window is told of what it shows: the server's answer, and what the page's script reads.

export type PageView = {
  readonly regions: Readonly<Record<string, string>>;
  readonly channelName: string;
  readonly canWrite: boolean;
  /** Unread messages in the other channels, for the window's title. */
  readonly unread: number;
  readonly lastRead: string;
  readonly latest: string;
  readonly threadOpen: boolean;
  readonly modal: string;
  /** The window shows it, and takes nothing. */
  readonly startingOver: boolean;
};
