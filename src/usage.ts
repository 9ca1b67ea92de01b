// What each script of package.json that runs a program of ours may be asked for: the help that it prints, and the words and
// options that it takes.

export type Script = {
  /** The program, from the project's folder. */
  readonly file: string;
  /** The words that may come first; null where the script has more of them than could be listed. */
  readonly verbs: readonly string[] | null;
  /** The help. An option that is not named in it is none. */
  readonly usage: string;
};

/** By the name behind `npm run`. */
export const SCRIPTS = {
  start: {
    file: 'src/main.ts',
    verbs: [],
    usage: `Usage:
  npm start    the bot, until SIGTERM or Ctrl-C

It is configured by environment variables, or .env: DATABASE_URL, SLACK_BOT_TOKEN, SLACK_SIGNING_SECRET and those that
docs/operating.md lists. What is wrong with them it says in one message, and ends with 78.`,
  },
  identity: {
    file: 'src/commands/identity.ts',
    verbs: ['map', 'revoke', 'list'],
    usage: `Usage:
  npm run identity -- map TEAM_ID USER_ID EMAIL   map a Slack person to the OnRamp user with this e-mail
  npm run identity -- revoke TEAM_ID USER_ID      end the mapping
  npm run identity -- list                        every live mapping, and whether it may approve
TEAM_ID is the workspace's (T…); on an Enterprise Grid better the organisation's (E…), which is good in all its workspaces.`,
  },
  halt: {
    file: 'src/commands/halt.ts',
    verbs: ['on', 'off'],
    usage: `Usage:
  npm run halt           how the emergency brake stands: since when, by whom, and which runs it holds
  npm run halt -- on     no process starts another replay or delivery, whichever door it came through
  npm run halt -- off    everything goes on where it stood`,
  },
  notifications: {
    file: 'src/commands/notifications.ts',
    verbs: ['parked', 'redeliver', 'owed'],
    usage: `Usage:
  npm run notifications -- parked                 every notification that kept failing, with why
  npm run notifications -- redeliver ID [ID …]    queue these again, under the same id as before
  npm run notifications -- redeliver all          queue all of them again
  npm run notifications -- owed ID                what this suppressed run still owes its customers, by customer; its report
                                                  in Slack has the button that sends it`,
  },
  batches: {
    file: 'src/commands/batches.ts',
    verbs: ['list', 'show', 'export'],
    usage: `Usage:
  npm run batches -- list [HOW_MANY]     the newest batches (20 where nothing is said), each recounted
  npm run batches -- show ID             one batch: request, counts, decision, progress, closing equation, customers, audit trail
  npm run batches -- export ID           its complete results and audit trail as CSV
  npm run batches -- export ID --json    the same as JSON lines
  npm run batches -- export ID --output results.csv    into a file; npm would write its own lines into "> results.csv"

ID is the batch's id, or as much of its head as no other batch has. The exit code is 1 where the database does not
confirm what a run counted; the first line says so.`,
  },
  advise: {
    file: 'src/commands/advise.ts',
    verbs: [],
    usage: `Usage:
  npm run advise                                   indexes, statistics and plans of OnRamp's database: what slows the
                                                   bot down, and the statement that mends it
  npm run advise -- --since TIME [--until TIME]    for dry runs of such a window, instead of the last 24 hours

TIME is RFC 3339, such as 2026-05-11T12:30:00Z. Nothing is changed, and no dry run is made.`,
  },
  bench: {
    file: 'src/dev/bench/bench.ts',
    verbs: [],
    usage: `Usage:
  npm run bench                      a tenth of the sizes
  npm run bench -- --full            the whole sizes: ten million executions
  npm run bench -- --rows N          so many executions, a tenth of them failed; at least 5000
  npm run bench -- --only NAME       one row: dry-run, stored, live, memory, growth, lists, stop, replays, processes, backlog,
                                     calls, endpoint, acknowledgement, cpu; again for more
  npm run bench -- --repeats N       so often, instead of 5 (3 or once for what takes long)
  npm run bench -- --against DIR     also the bots of another revision, checked out there with its node_modules
  npm run bench -- --json FILE       also writes every figure there
  npm run bench -- --plans           also prints the plans of all the dry runs of the row growth
  npm run bench -- --profile DIR     keeps the bot's CPU profile there
  npm run bench -- --data DIR        keeps the filled database there, for the next time`,
  },
  chaos: {
    file: 'src/dev/chaos/chaos.ts',
    verbs: [],
    usage: `Usage:
  npm run chaos -- --rounds 20 --seed any-word   so many rounds, drawn from the seed
  npm run chaos -- --seed any-word --round 7     that round once more
  npm run chaos -- --jobs 2                      so many rounds at a time, each with a Postgres of its own
  npm run chaos -- --endpoint                    an application makes the replays, on its own bad days
  npm run chaos -- --json FILE                   also writes the summary there
  npm run chaos -- --logs                        also prints the processes' last lines where something was violated`,
  },
  guards: {
    file: 'test/guards/run.ts',
    verbs: null,
    usage: `Usage:
  npm run guards                     takes each guard away in a scratch copy, and shows that a test goes red; takes hours
  npm run guards -- WORD [WORD …]    only those whose patch, or whose folder in test/guards, begins with one of the words
  npm run guards -- --jobs 2         so many at a time`,
  },
  demo: {
    file: 'src/dev/demo/demo.ts',
    verbs: [],
    usage: `Usage:
  npm run demo                   a Slack in the browser, with the incident; the address is printed
  npm run demo -- --port 4000    on that port
  npm run demo -- --fresh        start over with a new incident
  npm run demo -- --endpoint     an application makes the replays
  npm run demo -- --transcript   play the incident once and print channel and thread`,
  },
  screenshots: {
    file: 'src/dev/browser/screenshots.ts',
    verbs: [],
    usage: `Usage:
  npm run screenshots    plays nights on call in the demo's pages, and writes the pictures of README and docs into docs/screenshots anew`,
  },
  words: {
    file: 'src/dev/words/words.ts',
    verbs: [],
    usage: `Usage:
  npm run words    plays the incident in the demo's page, and prints how many words and pixels stand before a decision and how
                   many behind it; 1 where it is more than there may be`,
  },
} as const satisfies Readonly<Record<string, Script>>;
