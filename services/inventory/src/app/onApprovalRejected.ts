import type { OnApprovalRejected } from '@atlas/generated-inventory';
import type { AdjustmentStore } from '../ports.ts';
import { endAdjustment } from './endAdjustment.ts';

export const onApprovalRejected =
  ({ adjustments }: { readonly adjustments: AdjustmentStore }): OnApprovalRejected.Handler =>
  ({ data, ctx }, tx): Promise<OnApprovalRejected.Result> =>
    endAdjustment(adjustments, tx, { approval: data, why: 'APPROVAL_REJECTED', now: ctx.now });
