import type { OnApprovalGranted } from '@atlas/generated-inventory';
import { grant } from '../domain/adjustment.ts';
import { reached } from '../domain/reorder.ts';
import { samePlace } from '../domain/stock.ts';
import type { AdjustmentStore, StockLedger } from '../ports.ts';
import { adjustmentPosted, adjustmentRejected, reorderPointReached, stockMoved } from './events.ts';

export const onApprovalGranted =
  ({
    adjustments,
    stock,
  }: {
    readonly adjustments: AdjustmentStore;
    readonly stock: StockLedger;
  }): OnApprovalGranted.Handler =>
  async ({ data, ctx }, tx): Promise<OnApprovalGranted.Result> => {
    if (data.subjectType !== 'ADJUSTMENT') return { events: [], noop: 'OTHER_SUBJECT' };
    const adjustment = await adjustments.load(tx, data.subjectId);
    if (!adjustment) return { events: [], noop: 'UNKNOWN' };
    const { terms } = adjustment;
    const level = (await stock.lockAll(tx, [terms.sku])).find((one) => samePlace(one, terms));
    if (!level) throw new Error(`the balance of adjustment ${terms.adjustmentId} does not exist`);
    const granted = grant(adjustment, data, level, ctx);
    switch (granted.done) {
      case 'NOTHING':
        return { events: [], noop: granted.noop };
      case 'REJECTED':
        await adjustments.save(tx, granted.adjustment);
        return { events: [adjustmentRejected(granted.adjustment)] };
      case 'POSTED': {
        const { movement } = granted;
        await adjustments.save(tx, granted.adjustment);
        await stock.record(tx, [movement]);
        const low = reached(level, { ...level, onHand: movement.onHandAfter });
        return {
          events: [
            adjustmentPosted(terms.adjustmentId, movement),
            stockMoved(movement),
            ...(low ? [reorderPointReached(low)] : []),
          ],
        };
      }
    }
  };
