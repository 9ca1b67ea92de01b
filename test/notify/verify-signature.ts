// The customer's side of Standard Webhooks, on Web Crypto: shares no code with the signing side.

export type SignedRequest = {
  readonly id: string;
  readonly timestamp: string;
  readonly signature: string;
  readonly body: string;
};

/** Whether the customer who holds this key accepts the request. */
export async function customerAccepts(
  key: Uint8Array<ArrayBuffer>,
  request: SignedRequest,
): Promise<boolean> {
  const hmac = { name: 'HMAC', hash: 'SHA-256' };
  const imported = await crypto.subtle.importKey('raw', key, hmac, false, ['verify']);
  const signed = new TextEncoder().encode(`${request.id}.${request.timestamp}.${request.body}`);
  for (const candidate of request.signature.split(' ')) {
    const [version, encoded = ''] = candidate.split(',');
    if (version !== 'v1') continue;
    const signature = Uint8Array.from(atob(encoded), (character) => character.charCodeAt(0));
    if (await crypto.subtle.verify('HMAC', imported, signature, signed)) return true;
  }
  return false;
}
