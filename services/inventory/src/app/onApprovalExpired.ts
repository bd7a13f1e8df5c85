import type { OnApprovalExpired } from '@atlas/generated-inventory';
import type { AdjustmentStore } from '../ports.ts';
import { endAdjustment } from './endAdjustment.ts';

export const onApprovalExpired =
  ({ adjustments }: { readonly adjustments: AdjustmentStore }): OnApprovalExpired.Handler =>
  ({ data, ctx }, tx): Promise<OnApprovalExpired.Result> =>
    endAdjustment(adjustments, tx, { approval: data, why: 'APPROVAL_EXPIRED', now: ctx.now });
