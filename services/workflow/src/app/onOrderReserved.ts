import type { OnOrderReserved } from '@atlas/generated-workflow';
import type { Details } from '../domain/policy.ts';
import { ask, type Asking } from './ask.ts';
import { jsonMoney } from './jsonMoney.ts';

export const onOrderReserved =
  (asking: Asking): OnOrderReserved.Handler =>
  async ({ data, ctx }, tx): Promise<OnOrderReserved.Result> => {
    const { orderId, orderVersion, digest, total, requesterId } = data;
    const { amountMinor, currency } = total;
    const subject = {
      id: orderId,
      version: orderVersion,
      digest,
      requesterId,
      amount: amountMinor,
      currency,
      details: detailsOf(data),
    };
    return ask(asking, tx, { type: 'ORDER', ...subject }, ctx);
  };

/** The ordered lines. Events of older producers do not have them. */
function detailsOf({ lines }: Parameters<OnOrderReserved.Handler>[0]['data']): Details {
  if (lines.length === 0) return {};
  return {
    order: {
      lines: lines.map(({ lineId, sku, qty, unitPrice, net, tax }) => ({
        lineId,
        sku,
        qty: Number(qty),
        unitPrice: { preciseAmount: Number(unitPrice.preciseAmount), fractionDigits: unitPrice.fractionDigits },
        net: jsonMoney(net),
        tax: jsonMoney(tax),
      })),
    },
  };
}
