// What the thread says of a list that could not be attached: which one, why, and how to get it all the same.
import { shortId } from '../../domain/batch.ts';
import type { Batch } from '../../domain/plan.ts';
import { counted } from './figures.ts';
import { type Message, section } from './message.ts';
import { SAID, SHOWN, type Voice } from './voice.ts';

export type UnpostedList = {
  readonly list: 'eligible' | 'skipped' | 'customers' | 'results';
  readonly rows: number;
  /** It stands above as a table, and its file alone is missing. */
  readonly isTable: boolean;
  /** What Slack answered, or another word for why. */
  readonly error: string;
};

const WHY: Readonly<Record<string, string>> = {
  file_uploads_disabled: 'file uploads are switched off in this workspace',
  file_uploads_except_images_disabled: 'this workspace allows uploads of images only',
  file_type_not_allowed: 'this workspace does not allow uploads of CSV files',
  blocked_file_type: 'this workspace does not allow uploads of CSV files',
  file_upload_size_restricted: 'this workspace does not allow files of this size',
  storage_limit_reached: 'this workspace has no room for files left',
  over_file_storage_limit: 'this workspace has no room for files left',
  missing_scope: 'the app lacks a permission for it',
  channel_shared: "this channel is shared with another organisation, and the list holds customers' data",
  unreachable: "Slack's upload host can't be reached",
  rate_limited: 'Slack limits it at the moment',
  internal_error: 'Slack has trouble of its own',
  fatal_error: 'Slack has trouble of its own',
  service_unavailable: 'Slack has trouble of its own',
  request_timeout: 'Slack has trouble of its own',
};

const NAMES: Readonly<Record<UnpostedList['list'], string>> = {
  eligible: 'eligible executions',
  skipped: 'skipped executions',
  customers: 'customers',
  results: 'results',
};

/** The one reply about it; the list follows when Slack takes it. */
export function listNote(batch: Batch, note: UnpostedList): Message {
  const text = (voice: Voice) => {
    const what = note.isTable ? 'The file for the table above' : 'The list';
    const why = WHY[note.error] ?? `Slack says ${voice.quote(note.error, 60)}`;
    const get = voice.quote(
      `npm run batches -- ${note.list === 'customers' ? 'show' : 'export'} ${shortId(batch.id)}`,
      60,
    );
    return `📎 ${what}, ${NAMES[note.list]} (${counted(note.rows, 'row')}), could not be attached: ${why}. Everything else goes on. To get it: ${get}. It follows here when Slack takes it.`;
  };
  return { text: text(SAID), blocks: [section([text(SHOWN)])] };
}
