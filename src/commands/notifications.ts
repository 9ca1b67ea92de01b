// npm run notifications: what could not be delivered to customers, and trying it again.
import { formatISO } from 'date-fns/formatISO';
import { withDeliveries } from '../queue/boss.ts';
import { parked, unpark } from '../store/notifications.ts';
import { type CommandContext, runCommand, UsageError } from './run-command.ts';

const USAGE_TEXT = `Usage:
  npm run notifications -- parked                 every notification that kept failing, with why
  npm run notifications -- redeliver ID [ID …]    queue these again, under the same id as before
  npm run notifications -- redeliver all          queue all of them again`;

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

await runCommand(
  USAGE_TEXT,
  async (context) => {
    const [verb, ...rest] = context.words;
    if (verb === 'parked' && rest.length === 0) return listParked(context);
    if (verb === 'redeliver' && rest.length > 0) return redeliver(context, rest);
    throw new UsageError('notifications: say parked, or redeliver and which');
  },
  'bot',
);

async function listParked({ db, print }: CommandContext): Promise<number> {
  const found = await parked(db);
  if (found.length === 0) print('Nothing is parked.');
  for (const one of found) {
    const when = one.parkedAt === null ? '' : formatISO(one.parkedAt);
    print(
      `${one.id}  ${one.kind}  ${one.vendorName}  project ${one.projectUuid}  ${one.attempts} tries  ${when}  ${one.failure ?? ''}`,
    );
  }
  return 0;
}

async function redeliver({ db, url, print }: CommandContext, words: readonly string[]): Promise<number> {
  const all = words.length === 1 && words[0] === 'all';
  const wrong = all ? [] : words.filter((word) => !UUID.test(word));
  if (wrong.length > 0) throw new UsageError(`notifications: not an id: ${wrong.join(', ')}`);
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
