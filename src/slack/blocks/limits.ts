// Slack's numbers, and our own stricter ones, as data. Nothing else may repeat them; a number that Slack
// changes is changed here.

/** What Slack refuses a message for, in characters unless the name says otherwise. */
export const SLACK = {
  blocks: 50,
  sectionText: 3000,
  headerText: 150,
  contextElements: 10,
  actionsElements: 25,
  buttonText: 75,
  buttonValue: 2000,
  accessibilityLabel: 75,
  confirmTitle: 100,
  confirmText: 300,
  confirmButton: 30,
  viewTitle: 24,
  optionText: 75,
  /** Options that a search may answer, and that a select may begin with. */
  options: 100,
  /** Options of one list of checkboxes. */
  checkboxes: 10,
  tableRows: 100,
  tableColumns: 20,
  /** A second table in one message is refused. */
  tablesPerMessage: 1,
  /** `chat.update` refuses more; `chat.postMessage` would take 40,000. */
  text: 4000,
} as const;

/** What we keep to. Slack's limit over a whole message is undocumented: messages of 11,300 have failed. */
export const OURS = {
  dryRunBlocks: 10,
  /** What somebody may have to read before they decide (Slack contract, "The dry-run message"). */
  dryRunWords: 120,
  /** Over blocks as JSON plus the text: the safest of all ways to count. */
  message: 10_000,
  text: 3900,
  reportWords: 130,
} as const;
