import { whyOf } from '../client/callsOf.ts';
import { AtlasError } from '../contract/atlasError.ts';
import type { Validate } from '../contract/operation.ts';
import { signWebhook, WEBHOOK_HEADER, webhookKey } from './signature.ts';

export interface SenderOptions {
  /** The receiver's address. */
  readonly url: string;
  /** Each webhook is signed with each of them. There are two while a secret is being replaced. */
  readonly secrets: readonly string[];
  /** Milliseconds in which the receiver must answer; 15,000 by default. */
  readonly timeoutMs?: number;
  /** Replaces the global `fetch`. */
  readonly fetch?: (url: string, init: RequestInit) => Promise<Response>;
  /** The clock for `webhook-timestamp`; the system's clock by default. */
  readonly now?: () => Date;
}

const TIMEOUT_MS = 15_000;

/** Sends one delivery of a webhook. It does not throw if the receiver fails. */
export type SendWebhook<Body> = (input: {
  /** `webhook-id`: the same in each delivery of an event. Without dots and spaces. */
  readonly id: string;
  readonly body: Body;
  readonly signal?: AbortSignal;
}) => Promise<Delivery>;

/** Whether the receiver has it (2xx), or why it is to be sent again. */
export type Delivery =
  | { readonly delivered: true; readonly status: number }
  | { readonly delivered: false; readonly status?: number; readonly why: string };

/** One webhook as data; generated. */
interface WebhookContract {
  readonly name: string;
  readonly mediaType: string;
  readonly validate: Validate;
}

/**
 * A function for each webhook. Throws `AtlasError` ATLAS_WEBHOOK for a secret that is not 24 to 64 bytes in base64. The
 * functions throw it for a body that does not fit the document.
 */
export function webhookSenders<Webhooks extends object>(
  webhooks: { readonly [Id in keyof Webhooks]: WebhookContract },
  options: SenderOptions,
): Webhooks {
  const keys = options.secrets.flatMap((secret) => webhookKey(secret) ?? []);
  if (keys.length === 0 || keys.length !== options.secrets.length)
    throw new AtlasError('ATLAS_WEBHOOK', 'a webhook secret is not whsec_ and the base64 of 24 to 64 bytes');
  const senders = Object.entries<WebhookContract>(webhooks).map(([id, webhook]) => [
    id,
    (input: Parameters<SendWebhook<unknown>>[0]) => send(webhook, keys, options, input),
  ]);
  // cast: the data and the type of each webhook are generated from one document
  return Object.fromEntries(senders) as Webhooks;
}

async function send(
  { name, mediaType, validate }: WebhookContract,
  keys: readonly Buffer[],
  { url, timeoutMs = TIMEOUT_MS, fetch = globalThis.fetch, now = () => new Date() }: SenderOptions,
  { id, body, signal }: Parameters<SendWebhook<unknown>>[0],
): Promise<Delivery> {
  const [wrong] = validate(body) ?? [];
  if (wrong)
    throw new AtlasError('ATLAS_WEBHOOK', `${name} does not fit its document: ${wrong.pointer} ${wrong.detail}`);
  const text = JSON.stringify(body);
  const timestamp = String(Math.floor(now().getTime() / 1_000));
  const timeout = AbortSignal.timeout(timeoutMs);
  try {
    const response = await fetch(url, {
      method: 'POST',
      headers: {
        'content-type': mediaType,
        [WEBHOOK_HEADER.id]: id,
        [WEBHOOK_HEADER.timestamp]: timestamp,
        [WEBHOOK_HEADER.signature]: keys.map((key) => signWebhook(key, { id, timestamp, body: text })).join(' '),
      },
      body: text,
      redirect: 'manual',
      signal: signal ? AbortSignal.any([timeout, signal]) : timeout,
    });
    await response.body?.cancel();
    const { status, ok } = response;
    return ok ? { delivered: true, status } : { delivered: false, status, why: `the receiver answers ${status}` };
  } catch (error) {
    return { delivered: false, why: `the receiver ${whyOf(error)}` };
  }
}
