import { randomBytes } from 'node:crypto';
import { webhookSender, type Webhooks } from '@atlas/generated-payment-sandbox/webhooks';
import type { Delivery } from '@atlas/runtime/webhooks';
import type { DueDelivery, WebhookOutbox } from './outbox.ts';

export interface DispatcherOptions {
  readonly outbox: WebhookOutbox;
  /** The merchant's address for webhooks; called before the first one. */
  readonly url: () => string;
  readonly secrets: readonly string[];
  readonly timeoutMs?: number;
}

const AT_ONCE = 8;

/** Sends the deliveries that are due, several at once, each at least once. */
export class Dispatcher {
  readonly #outbox: WebhookOutbox;
  readonly #senderOf: (secrets: readonly string[]) => Webhooks;
  readonly #secrets: readonly string[];
  readonly #running = new Map<number, Promise<void>>();
  readonly #stop = new AbortController();

  constructor({ outbox, url, secrets, timeoutMs = 15_000 }: DispatcherOptions) {
    this.#outbox = outbox;
    this.#senderOf = (used) => webhookSender({ url: url(), secrets: used, timeoutMs });
    this.#secrets = secrets;
    // throws at the start if a secret is malformed
    webhookSender({ url: 'http://127.0.0.1', secrets, timeoutMs });
  }

  /** Starts the deliveries that are due; `ended` is called after each one. */
  dispatch(ended: () => void): void {
    for (const delivery of this.#outbox.due(AT_ONCE + this.#running.size)) {
      if (this.#running.has(delivery.id) || this.#running.size >= AT_ONCE) continue;
      const run = this.#deliver(delivery).finally(() => {
        this.#running.delete(delivery.id);
        ended();
      });
      this.#running.set(delivery.id, run);
    }
  }

  /** Ends the running deliveries, which are sent again after a start. */
  async stop(): Promise<void> {
    this.#stop.abort();
    await Promise.all(this.#running.values());
  }

  async #deliver(delivery: DueDelivery): Promise<void> {
    if (delivery.fault === 'lose') return this.#outbox.end(delivery, 'lost on the way', false);
    const wrong = [`whsec_${randomBytes(32).toString('base64')}`];
    const sender = this.#senderOf(delivery.fault === 'wrong-signature' ? wrong : this.#secrets);
    const outcome = await this.#send(sender, delivery);
    if (this.#stop.signal.aborted && !outcome.delivered) return;
    const text = outcome.delivered ? `answered ${outcome.status}` : outcome.why;
    this.#outbox.end(delivery, text, outcome.delivered);
  }

  #send(sender: Webhooks, { eventId: id, type, body }: DueDelivery): Promise<Delivery> {
    const { signal } = this.#stop;
    // cast: the body was written by `emit`, and the sender checks it against the document
    const given = { id, body: body as never, signal };
    switch (type) {
      case 'payment.succeeded':
        return sender.paymentSucceeded(given);
      case 'payment.failed':
        return sender.paymentFailed(given);
      case 'refund.succeeded':
        return sender.refundSucceeded(given);
      case 'refund.failed':
        return sender.refundFailed(given);
      case 'payout.paid':
        return sender.payoutPaid(given);
    }
  }
}
