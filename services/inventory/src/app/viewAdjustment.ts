import type { components } from '@atlas/generated-inventory';
import type { Adjustment } from '../domain/adjustment.ts';

/** An adjustment as the contract shows it. */
export function viewAdjustment(adjustment: Adjustment): components['schemas']['Adjustment'] {
  const { state, terms, digest } = adjustment;
  const { adjustmentId, sku, warehouseId, expectedOnHand, delta, reason, requesterId, requestedAt } = terms;
  return {
    adjustmentId,
    state,
    sku,
    warehouseId,
    expectedOnHand: Number(expectedOnHand),
    delta: Number(delta),
    reason,
    requesterId,
    requestedAt: requestedAt.toISOString(),
    digest,
    ...('rejection' in adjustment ? { rejection: adjustment.rejection } : {}),
    ...('decidedAt' in adjustment ? { decidedAt: adjustment.decidedAt.toISOString() } : {}),
  };
}
