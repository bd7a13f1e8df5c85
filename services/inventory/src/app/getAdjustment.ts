import type { GetAdjustment } from '@atlas/generated-inventory';
import type { AdjustmentStore } from '../ports.ts';
import { viewAdjustment } from './viewAdjustment.ts';

export const getAdjustment =
  ({ adjustments }: { readonly adjustments: AdjustmentStore }): GetAdjustment.Handler =>
  async ({ params }, read): Promise<GetAdjustment.Result> => {
    const adjustment = await adjustments.read(read, params.adjustmentId);
    if (!adjustment) {
      const detail = `there is no adjustment ${params.adjustmentId}`;
      return { status: 404, problem: { code: 'adjustment-not-found', detail } };
    }
    return { status: 200, body: viewAdjustment(adjustment), version: adjustment.version };
  };
