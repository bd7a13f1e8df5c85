/** What generated senders of webhooks are made with, and signatures for tests of a receiver. */
export { webhookSenders, type Delivery, type SenderOptions, type SendWebhook } from './senders.ts';
export { signWebhook, webhookKey } from './signature.ts';
