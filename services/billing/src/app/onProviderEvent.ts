import type { OnProviderEvent } from '@atlas/generated-billing';
import { dateOfMicros } from '@atlas/runtime/time';
import { dayOf } from '../domain/calendar.ts';
import { payingOut } from '../domain/postingRules.ts';
import type { PayoutSays } from '../domain/says.ts';
import type { Ports, Tx } from '../ports.ts';
import { hearIntent } from './hearIntent.ts';
import { hearRefund } from './hearRefund.ts';
import { post } from './post.ts';

export const onProviderEvent =
  (ports: Ports): OnProviderEvent.Handler =>
  async ({ data, ctx }, tx): Promise<OnProviderEvent.Result> => {
    if (data.intent) return hearIntent(ports, tx, ctx, data.intent);
    if (data.refund) return hearRefund(ports, tx, ctx, data.refund);
    if (data.payout) return hearPayout(ports, tx, ctx, data.payout);
    return { events: [], noop: 'UNKNOWN' };
  };

/** Records that the provider has paid its balance, less its fees, to the bank. */
async function hearPayout(
  { ledger }: Ports,
  tx: Tx,
  ctx: { readonly now: Date; readonly newId: () => string },
  { providerRef, amount, fees, saidAt }: PayoutSays,
): Promise<OnProviderEvent.Result> {
  if (fees.currency !== amount.currency)
    throw new Error(`payout ${providerRef} is in ${amount.currency}, but its fees are in ${fees.currency}`);
  const posting = { kind: 'PAYOUT', reference: providerRef } as const;
  if (await ledger.has(tx, posting.kind, posting.reference)) return { events: [], noop: 'POSTED' };
  const journal = await post(ledger, tx, ctx, {
    ...posting,
    effectiveDate: dayOf(dateOfMicros(saidAt)),
    currency: amount.currency,
    entries: payingOut({ bank: amount.amountMinor, fees: fees.amountMinor }),
  });
  return { events: [journal] };
}
