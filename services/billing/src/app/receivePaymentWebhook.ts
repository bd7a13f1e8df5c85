import type { OnProviderEvent, ReceivePaymentWebhook } from '@atlas/generated-billing';
import type { Ports } from '../ports.ts';
import { noteProviderEvent } from './noteProviderEvent.ts';
import { intentSays, payoutSays, refundSays } from './providerWords.ts';

type ProviderEvent = OnProviderEvent.Input['data'];

export const receivePaymentWebhook =
  ({ providerEvents }: Pick<Ports, 'providerEvents'>): ReceivePaymentWebhook.Handler =>
  async ({ params: { provider }, body, webhook, ctx }, tx): Promise<ReceivePaymentWebhook.Result> => {
    const said = saidBy(body);
    if (!said) return { status: 204 };
    const event = { provider, eventId: webhook.id, intent: null, refund: null, payout: null, ...said };
    return { status: 204, timers: await noteProviderEvent(providerEvents, tx, ctx.now, event) };
  };

/** What an event says. Undefined for a type that we do not know, because the provider may add types. */
function saidBy(
  event: ReceivePaymentWebhook.Body,
): Partial<Pick<ProviderEvent, 'intent' | 'refund' | 'payout'>> | undefined {
  if (!('data' in event)) return undefined;
  const saidAt = new Date(event.timestamp);
  switch (event.type) {
    case 'payment.succeeded':
    case 'payment.failed':
      return { intent: intentSays(event.data, saidAt) };
    case 'refund.succeeded':
    case 'refund.failed':
      return { refund: refundSays(event.data, saidAt) };
    case 'payout.paid':
      return { payout: payoutSays(event.data) };
  }
}
