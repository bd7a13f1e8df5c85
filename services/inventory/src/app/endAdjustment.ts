import type { OnApprovalRejected } from '@atlas/generated-inventory';
import { refuse } from '../domain/adjustment.ts';
import type { AdjustmentStore, Tx } from '../ports.ts';
import { adjustmentRejected } from './events.ts';

/** The end of an approval that was not granted: the members that both events have. */
type Refusal = Pick<OnApprovalRejected.Input['data'], 'subjectType' | 'subjectId' | 'subjectVersion' | 'digest'>;

/** Rejects the adjustment that the approval was about. */
export async function endAdjustment(
  adjustments: AdjustmentStore,
  tx: Tx,
  {
    approval,
    why,
    now,
  }: { readonly approval: Refusal; readonly why: Parameters<typeof refuse>[2]; readonly now: Date },
): Promise<OnApprovalRejected.Result> {
  if (approval.subjectType !== 'ADJUSTMENT') return { events: [], noop: 'OTHER_SUBJECT' };
  const adjustment = await adjustments.load(tx, approval.subjectId);
  if (!adjustment) return { events: [], noop: 'UNKNOWN' };
  const refused = refuse(adjustment, approval, why, now);
  if (refused.done === 'NOTHING') return { events: [], noop: refused.noop };
  await adjustments.save(tx, refused.adjustment);
  return { events: [adjustmentRejected(refused.adjustment)] };
}
