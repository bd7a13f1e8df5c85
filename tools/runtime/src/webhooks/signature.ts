import { createHmac, timingSafeEqual } from 'node:crypto';

/*
 * Signatures of Standard Webhooks (https://www.standardwebhooks.com, version 1.0.0): HMAC-SHA256 over
 * `id.timestamp.body`, as `v1,<base64>`.
 */

/** The header fields of a signed webhook, in lower case as Node has them. */
export const WEBHOOK_HEADER = {
  id: 'webhook-id',
  timestamp: 'webhook-timestamp',
  signature: 'webhook-signature',
} as const;

/** The parts of a webhook that are signed. */
export interface Signed {
  readonly id: string;
  /** Seconds since 1970, as they are written. */
  readonly timestamp: string;
  /** The body's bytes as they were sent. */
  readonly body: Uint8Array | string;
}

/** The key of a secret such as `whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw`: 24 to 64 bytes. Undefined for other texts. */
export function webhookKey(secret: string): Buffer | undefined {
  const text = secret.replace(/^whsec_/, '');
  const key = /^[A-Za-z0-9+/]+={0,2}$/.test(text) ? Buffer.from(text, 'base64') : Buffer.alloc(0);
  return key.length >= 24 && key.length <= 64 ? key : undefined;
}

/** One signature: `v1,<base64>`. */
export function signWebhook(key: Buffer, signed: Signed): string {
  return `v1,${digestOf(key, signed).toString('base64')}`;
}

/**
 * Whether one of the signatures in the header, which are separated by spaces, fits one of the keys. The time does not
 * depend on where a wrong signature differs.
 */
export function isSignedBy(keys: readonly Buffer[], header: string, signed: Signed): boolean {
  const given = header
    .split(' ')
    .slice(0, MAX_SIGNATURES)
    .flatMap((text) => /^v1,([A-Za-z0-9+/]{43}=)$/.exec(text)?.[1] ?? [])
    .map((text) => Buffer.from(text, 'base64'));
  const expected = keys.map((key) => digestOf(key, signed));
  let found = false;
  for (const one of expected) for (const other of given) found = timingSafeEqual(one, other) || found;
  return found;
}

/**
 * There are two while a secret is being replaced. More than this are ignored, so that a header cannot cost much time.
 */
const MAX_SIGNATURES = 8;

function digestOf(key: Buffer, { id, timestamp, body }: Signed): Buffer {
  return createHmac('sha256', key).update(`${id}.${timestamp}.`).update(body).digest();
}
