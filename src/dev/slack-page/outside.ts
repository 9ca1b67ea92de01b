// What the page shows beside Slack: told by whoever starts it, since the local Slack knows of no database and no
// customers. Everything may be left out.

export type Figure = {
  readonly label: string;
  readonly value: number;
  /** What it was when the incident began, to show the difference. */
  readonly before?: number;
};

export type Webhook = {
  readonly at: number;
  readonly vendor: string;
  readonly path: string;
  /** The same id on every try: a receiver takes each once. */
  readonly id: string;
  readonly body: string;
  readonly signature: 'good' | 'bad' | 'none';
  readonly repeated: boolean;
};

export type Mail = {
  readonly at: number;
  readonly to: string;
  readonly from: string;
  readonly subject: string;
  readonly text: string;
};

/** A call that the application got; of rows what became of each, as far as it came. */
export type EndpointCall = {
  readonly id: string;
  readonly at: string;
  readonly body: unknown;
  /** The faults that struck it. */
  readonly faults: readonly string[];
  readonly rows: readonly { readonly execution_uuid: string; readonly outcome: string }[];
  /** Null: it has not answered, or never will. */
  readonly answer:
    | { readonly kind: 'sent'; readonly status: number; readonly body: unknown }
    | { readonly kind: 'cut'; readonly status: number | null }
    | null;
  readonly answered_at: string | null;
};

/** The application whose endpoint makes the replays, where the bot itself does not. */
export type ApplicationPanel = {
  /** Every call that it got, the oldest first. */
  calls(): readonly EndpointCall[];
  /** The bad days that can be ordered; `left`: how many calls the order still waits for. */
  faults(): readonly {
    readonly name: string;
    readonly label: string;
    readonly see: string;
    readonly left: number;
  }[];
  /** Orders one, or takes the order back. */
  order(name: string): Promise<void>;
};

/** The bot's own pages, and its endpoint as a browser's session opens it. */
export type BrowserPanel = {
  signIn(): string;
  batches(): string;
  /** The runbook's call with this session, as one types it. */
  curl(session: string): string;
};

export type Choice = { readonly value: string; readonly label: string };

/** Why replays fail, and what somebody would do about it. */
export type Cause = Choice & { readonly remedy: string };

/** The fix of the incident, deployed or not, and Sentry's issue of it. Both verbs answer what they did, in words. */
export type FixPanel = {
  state(): 'deployed' | 'broken';
  issue(): string;
  deploy(): Promise<string>;
  undo(): Promise<string>;
};

export type Outside = {
  /** What the act-as list says of a person besides what Slack knows. */
  readonly roles?: Readonly<Record<string, string>>;
  /** Commands to try, shown where a channel begins. */
  readonly suggestions?: readonly { readonly text: string; readonly why: string }[];
  /** What the database says. */
  figures?(): readonly Figure[];
  readonly customers?: { webhooks(): readonly Webhook[]; mails(): readonly Mail[] };
  readonly application?: ApplicationPanel;
  readonly browser?: BrowserPanel;
  readonly fix?: FixPanel;
  /** Starts the incident over; resolves when everything is there again. */
  reset?(): Promise<void>;
  /** It is being started over: there is nobody to meet, and windows take nothing. */
  isStartingOver?(): boolean;
  /** Fires a workflow execution, as OnRamp would. Answers what it did, in words. */
  readonly executions?: {
    readonly outcomes: readonly Choice[];
    readonly times: readonly Choice[];
    fire(outcome: string, time: string): Promise<string>;
  };
  /** Mends a cause for which replays fail. Answers what it did, in words. */
  readonly causes?: { readonly all: readonly Cause[]; mend(cause: string): Promise<string> };
  /** Calls back whenever one of the above may look different. */
  onChange?(listener: () => void): () => unknown;
};
