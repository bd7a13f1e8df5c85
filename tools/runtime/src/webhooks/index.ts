/** For generated senders of webhooks. Tests of receivers use the signatures. */
export { webhookSenders, type Delivery, type SenderOptions, type SendWebhook } from './senders.ts';
export { signWebhook, webhookKey } from './signature.ts';
