// files.*: the three steps of an upload (ask for an address, send the bytes there, complete), and files.info.
import { randomBytes } from 'node:crypto';
import type {
  FilesCompleteUploadExternalResponse,
  FilesGetUploadURLExternalResponse,
  FilesInfoResponse,
} from '@slack/web-api';
import type { Core } from '../core.ts';
import { isRecord } from '../validation/walk.ts';
import type { Channel, FileRecord } from '../world/model.ts';
import { threadRoot } from '../world/posting.ts';
import { shareFiles, writableChannel } from './access.ts';
import type { Arguments } from './arguments.ts';
import { always, type Method } from './method.ts';
import { invalidArguments, Refusal } from './refusal.ts';
import { fileShape } from './shapes.ts';

const MAX_ALT_TEXT = 1_000;

/** Where bytes go: the secret part of an upload address carries the file's id. */
const uploadSecret = (fileId: string): string => `${fileId}-${randomBytes(16).toString('hex')}`;
const uploads = new WeakMap<Core, Map<string, string>>();

function uploadsOf(core: Core): Map<string, string> {
  const known = uploads.get(core) ?? new Map<string, string>();
  uploads.set(core, known);
  return known;
}

function getUploadUrl(args: Arguments, core: Core): FilesGetUploadURLExternalResponse {
  const { world } = core;
  const name = args.required('filename');
  const size = args.number('length');
  if (size === undefined || !Number.isInteger(size) || size <= 0) throw new Refusal('missing_argument');
  if ((args.text('alt_txt') ?? '').length > MAX_ALT_TEXT) throw new Refusal('alt_txt_too_large');
  const file: FileRecord = {
    id: world.newId('F'),
    name,
    title: name,
    size,
    content: Buffer.alloc(0),
    state: 'awaiting_upload',
    created: Math.floor(world.now() / 1000),
    shares: [],
    ...(args.text('alt_txt') ? { altText: args.required('alt_txt') } : {}),
    ...(args.text('snippet_type') ? { snippetType: args.required('snippet_type') } : {}),
  };
  world.files.set(file.id, file);
  const secret = uploadSecret(file.id);
  uploadsOf(core).set(secret, file.id);
  return { ok: true, upload_url: `${core.baseUrl}/upload/v1/${secret}`, file_id: file.id };
}

/** Takes the bytes of an upload. The answer is the HTTP status and text that Slack's upload host gives. */
export function receiveUpload(core: Core, secret: string, content: Buffer): { status: number; text: string } {
  const id = uploadsOf(core).get(secret);
  const file = id === undefined ? undefined : core.world.files.get(id);
  if (!file) return { status: 404, text: 'not found' };
  if (content.length !== file.size) {
    return {
      status: 400,
      text: `the upload was announced with ${file.size} bytes and has ${content.length}`,
    };
  }
  core.world.files.set(file.id, { ...file, content, state: 'uploaded' });
  return { status: 200, text: `OK - ${content.length}` };
}

function uploadedFiles(args: Arguments, core: Core): FileRecord[] {
  const given = args.json('files');
  if (!Array.isArray(given) || given.length === 0) throw invalidArguments('missing required field: files');
  return given.map((item) => {
    const id = isRecord(item) ? item.id : undefined;
    const file = typeof id === 'string' ? core.world.files.get(id) : undefined;
    if (!file || file.state === 'awaiting_upload') throw new Refusal('file_not_found');
    const title = isRecord(item) && typeof item.title === 'string' ? item.title : file.title;
    return { ...file, title };
  });
}

function fileChannel(core: Core, id: string): Channel {
  try {
    return writableChannel(core, id);
  } catch (error) {
    // This method has a code of its own for an archived channel.
    if (error instanceof Refusal && error.code === 'is_archived')
      throw new Refusal('posting_to_channel_denied');
    throw error;
  }
}

function completeUpload(args: Arguments, core: Core): FilesCompleteUploadExternalResponse {
  const files = uploadedFiles(args, core);
  const channelId = args.text('channel_id') ?? args.text('channels')?.split(',')[0];
  const threadTs = args.text('thread_ts');
  const channel = channelId ? fileChannel(core, channelId) : undefined;
  const root = channel && threadTs ? threadRoot(core.world, channel.id, threadTs) : undefined;
  if (root?.threadLocked) throw new Refusal('restricted_action_thread_locked');
  for (const file of files) core.world.files.set(file.id, file);
  if (channel) {
    // Where the thread is gone the files stand in the channel, and the answer has nothing that would show it.
    const place = { channel: channel.id, ...(root ? { threadTs: root.ts } : {}) };
    const ids = files.map((file) => file.id);
    shareFiles(core, place, ids, args.text('initial_comment') ?? '');
  }
  type Shape = NonNullable<FilesCompleteUploadExternalResponse['files']>;
  return { ok: true, files: files.map((file) => fileShape(core, file)) as unknown as Shape };
}

function fileInfo(args: Arguments, core: Core): FilesInfoResponse {
  const file = core.world.files.get(args.required('file'));
  if (!file || file.state === 'awaiting_upload') throw new Refusal('file_not_found');
  return { ok: true, file: fileShape(core, file) };
}

export const fileMethods: Record<string, Method> = {
  'files.getUploadURLExternal': { token: 'bot', scopes: always('files:write'), run: getUploadUrl },
  'files.completeUploadExternal': { token: 'bot', scopes: always('files:write'), run: completeUpload },
  'files.info': { token: 'bot', scopes: always('files:read'), run: fileInfo },
};
