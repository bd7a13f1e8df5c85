import type { OnAdjustmentRequested } from '@atlas/generated-workflow';
import { ask, type Asking } from './ask.ts';

export const onAdjustmentRequested =
  (asking: Asking): OnAdjustmentRequested.Handler =>
  async ({ data, ctx }, tx): Promise<OnAdjustmentRequested.Result> => {
    const { adjustmentId, version, digest, requesterId, sku, warehouseId, expectedOnHand, delta, reason } = data;
    const adjustment = {
      sku,
      warehouseId,
      expectedOnHand: Number(expectedOnHand),
      delta: Number(delta),
      reason,
    };
    // a policy depends on how much the stock changes, not on the direction
    const amount = delta < 0n ? -delta : delta;
    const subject = { id: adjustmentId, version, digest, requesterId, amount, details: { adjustment } };
    return ask(asking, tx, { type: 'ADJUSTMENT', ...subject, currency: undefined }, ctx);
  };
