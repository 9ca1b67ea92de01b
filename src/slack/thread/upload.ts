// An upload in its three steps, so that what can fail fails before anything stands in the thread: an address, the bytes,
// and then the file is shown.
import type { Buffer } from 'node:buffer';
import { callSlack, type SlackClients, type SlackResult } from '../clients.ts';

export type File = { readonly name: string; readonly title: string; readonly content: Buffer };

/** Bytes that Slack has, and nobody sees yet. */
export type PreparedFile = { readonly id: string; readonly title: string };

/** Long enough for a whole file over a slow line. */
const BYTES_MS = 15_000;

/** Brings a file's bytes to Slack. */
export async function prepareFile(
  clients: SlackClients,
  { name, title, content }: File,
): Promise<SlackResult<PreparedFile>> {
  const asked = await callSlack(() =>
    clients.post.files.getUploadURLExternal({ filename: name, length: content.length }),
  );
  if (asked.kind === 'failed') return asked;
  const { upload_url: url, file_id: id } = asked.value;
  if (url === undefined || id === undefined) return unreachable('Slack gave no address for the file');
  const sent = await sendBytes(url, content);
  return sent.kind === 'failed' ? sent : { kind: 'ok', value: { id, title } };
}

/** Shows a file in a thread. Slack does not answer where it stands. */
export async function attachFile(
  { post }: SlackClients,
  place: { readonly channel: string; readonly threadTs: string },
  { id, title }: PreparedFile,
): Promise<SlackResult<unknown>> {
  return callSlack(() =>
    post.files.completeUploadExternal({
      channel_id: place.channel,
      thread_ts: place.threadTs,
      files: [{ id, title }],
    }),
  );
}

/** The upload host is another one than the Web API's, and proxies treat it differently. */
async function sendBytes(url: string, content: Buffer): Promise<SlackResult<null>> {
  try {
    const response = await fetch(url, {
      method: 'POST',
      body: new Uint8Array(content),
      headers: { 'content-type': 'application/octet-stream' },
      redirect: 'error',
      signal: AbortSignal.timeout(BYTES_MS),
    });
    const said = await response.text();
    const retryAfterSeconds = Number(response.headers.get('retry-after')) || 1;
    if (response.status === 429)
      return { kind: 'failed', failure: { kind: 'rate_limited', retryAfterSeconds } };
    if (response.status !== 200) return unreachable(`Slack's upload host answered ${response.status}`);
    // A proxy's page instead of Slack's word.
    return said.trimStart().startsWith('<')
      ? unreachable("something else than Slack's upload host answered")
      : { kind: 'ok', value: null };
  } catch {
    return unreachable("no answer from Slack's upload host");
  }
}

/** Nothing of it is shown anywhere, however far it came. */
function unreachable(reason: string): SlackResult<never> {
  return { kind: 'failed', failure: { kind: 'unreachable', reason, sent: false } };
}
