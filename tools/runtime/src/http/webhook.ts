import type { IncomingHttpHeaders } from 'node:http';
import type { Webhook } from '../contract/handler.ts';
import type { OperationContract } from '../contract/operation.ts';
import type { Clock } from '../ports/clock.ts';
import { isSignedBy, WEBHOOK_HEADER } from '../webhooks/signature.ts';
import { Refusal } from './problem.ts';

/**
 * How much the sender's clock may differ from ours (Standard Webhooks). The limit keeps others from sending a copy much
 * later.
 */
const TOLERANCE_SECONDS = 300;

const MAX_ID_LENGTH = 255;

/** The name of the security scheme by which requests of an operation are signed. Undefined for other operations. */
export function webhookScheme({ security }: Pick<OperationContract, 'security'>): string | undefined {
  return security.find(({ webhook }) => webhook === true)?.scheme;
}

/** The head of a signed request, before its body was read. */
export interface WebhookHead extends Webhook {
  readonly timestamp: string;
  readonly signature: string;
}

/**
 * Reads the three header fields of a signed request. Throws `Refusal` 401: `webhook-signature-missing` if one is
 * missing or malformed, `webhook-timestamp-stale` if the request was signed more than 300 seconds before or after now.
 */
export function webhookHead(headers: IncomingHttpHeaders, clock: Pick<Clock, 'now'>): WebhookHead {
  const id = textOf(headers[WEBHOOK_HEADER.id]);
  const timestamp = textOf(headers[WEBHOOK_HEADER.timestamp]);
  const signature = textOf(headers[WEBHOOK_HEADER.signature]);
  // a dot in the id is refused, because then a signed text could be cut at another place
  if (!/^[!-\-/-~]+$/.test(id) || id.length > MAX_ID_LENGTH || !/^\d{1,15}$/.test(timestamp) || signature === '')
    throw new Refusal({
      code: 'webhook-signature-missing',
      detail: `send ${Object.values(WEBHOOK_HEADER).join(', ')} (Standard Webhooks)`,
    });
  const sentAt = new Date(Number(timestamp) * 1_000);
  const apart = Math.abs(clock.now().getTime() - sentAt.getTime()) / 1_000;
  if (!(apart <= TOLERANCE_SECONDS))
    throw new Refusal({
      code: 'webhook-timestamp-stale',
      detail: `${WEBHOOK_HEADER.timestamp} is more than ${TOLERANCE_SECONDS} seconds from now: sign it again`,
    });
  return { id, sentAt, timestamp, signature };
}

/** Throws `Refusal` 401 `webhook-signature-wrong` unless one of the keys has signed exactly these bytes of the body. */
export function verifyWebhook(keys: readonly Buffer[], head: WebhookHead, body: Uint8Array): Webhook {
  const { id, sentAt, timestamp, signature } = head;
  if (!isSignedBy(keys, signature, { id, timestamp, body }))
    throw new Refusal({ code: 'webhook-signature-wrong', detail: 'no signature fits this body' });
  return { id, sentAt };
}

function textOf(header: string | readonly string[] | undefined): string {
  return typeof header === 'string' ? header : '';
}
