// npm run notifications: what could not be delivered to customers, and trying it again; and what a run owes them.
import { type ParkedNotification, parked, unpark } from '../store/notifications.ts';
import { minute } from '../views/words.ts';
import { type CommandContext, runCommand, UsageError } from './run-command.ts';
import { type Column, table } from './table.ts';
import { columns } from './terminal.ts';

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

const COLUMNS: readonly Column<ParkedNotification>[] = [
  { head: 'id', cell: ({ id }) => id },
  { head: 'kind', cell: ({ kind }) => kind },
  { head: 'customer', cell: ({ vendorId, vendorName }) => `${vendorName} (${vendorId})`, atLeast: 12 },
  { head: 'project', cell: ({ projectUuid }) => projectUuid, leaveOut: 2 },
  { head: 'tries', cell: ({ attempts }) => attempts, leaveOut: 1 },
  { head: 'parked', cell: ({ parkedAt }) => parkedAt && minute(parkedAt), leaveOut: 3 },
  { head: 'why', cell: ({ failure }) => failure ?? '' },
];

await runCommand(async (context) => {
  const [verb, ...rest] = context.words;
  if (verb === 'parked' && rest.length === 0) return listParked(context);
  if (verb === 'redeliver' && rest.length > 0) return redeliver(context, rest);
  if (verb === 'owed' && rest.length === 1)
    return (await import('./notifications-owed.ts')).listOwed(context, rest[0] ?? '');
  throw new UsageError('notifications: say parked, or redeliver and which, or owed and of which batch');
}, 'bot');

async function listParked({ db, print }: CommandContext): Promise<number> {
  const found = await parked(db);
  if (found.length === 0) print('Nothing is parked.');
  for (const line of table(COLUMNS, found, columns())) print(line);
  return 0;
}

async function redeliver({ db, url, print }: CommandContext, words: readonly string[]): Promise<number> {
  const all = words.length === 1 && words[0] === 'all';
  const wrong = all ? [] : words.filter((word) => !UUID.test(word));
  if (wrong.length > 0) throw new UsageError(`notifications: not an id: ${wrong.join(', ')}`);
  // The queue takes its time to load, and nothing else needs it.
  const { withDeliveries } = await import('../queue/boss.ts');
  const queued = await withDeliveries(url, (deliveries) =>
    db.transaction(async (tx) => {
      const ids = await unpark(tx, all ? 'all' : words);
      await deliveries.enqueue(tx, ids);
      return ids;
    }),
  );
  const missing = all ? [] : words.filter((word) => !queued.includes(word.toLowerCase()));
  print(`${queued.length} queued again.`);
  if (missing.length > 0) print(`Not parked, left alone: ${missing.join(', ')}`);
  return missing.length > 0 ? 1 : 0;
}
