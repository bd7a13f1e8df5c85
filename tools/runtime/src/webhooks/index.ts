/** Generated senders of webhooks use this, and tests of a receiver use the signatures. */
export { webhookSenders, type Delivery, type SenderOptions, type SendWebhook } from './senders.ts';
export { signWebhook, webhookKey } from './signature.ts';
