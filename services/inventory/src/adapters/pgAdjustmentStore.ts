import { sql } from 'slonik';
import { queueWrite, rows, slonikOf } from '@atlas/runtime/slonik';
import type { Adjustment, AdjustmentTerms, Rejection } from '../domain/adjustment.ts';
import type { AdjustmentStore } from '../ports.ts';

interface AdjustmentRow extends AdjustmentTerms {
  readonly state: Adjustment['state'];
  readonly digest: string;
  readonly version: bigint;
  readonly rejection: Rejection | null;
  readonly decidedAt: Date | null;
}

const ADJUSTMENT = sql.fragment`
  SELECT adjustment_id AS "adjustmentId", sku, warehouse_id AS "warehouseId", expected_on_hand AS "expectedOnHand",
    delta, reason, requester_id AS "requesterId", requested_at AS "requestedAt", state, digest, version, rejection,
    decided_at AS "decidedAt"
  FROM adjustment`;

/** Adjustments in Postgres. */
export const pgAdjustmentStore: AdjustmentStore = {
  insert: async (tx, { terms, state, digest, version }) => {
    const { adjustmentId, sku, warehouseId, expectedOnHand, delta, reason, requesterId, requestedAt } = terms;
    queueWrite(
      tx,
      sql.prepared('inventory.insert_adjustment', rows<never>())`
      INSERT INTO adjustment (adjustment_id, sku, warehouse_id, expected_on_hand, delta, reason, requester_id,
        requested_at, state, digest, version)
      VALUES (${adjustmentId}, ${sku}, ${warehouseId}, ${expectedOnHand}, ${delta}, ${reason}, ${requesterId},
        ${requestedAt.toISOString()}, ${state}, ${digest}, ${version})`,
    );
  },

  load: async (tx, adjustmentId) => {
    const row = await slonikOf(tx).maybeOne(sql.prepared('inventory.lock_adjustment', rows<AdjustmentRow>())`
      ${ADJUSTMENT} WHERE adjustment_id = ${adjustmentId} FOR NO KEY UPDATE`);
    return row ? toAdjustment(row) : undefined;
  },

  read: async (read, adjustmentId) => {
    const row = await slonikOf(read).maybeOne(sql.prepared('inventory.select_adjustment', rows<AdjustmentRow>())`
      ${ADJUSTMENT} WHERE adjustment_id = ${adjustmentId}`);
    return row ? toAdjustment(row) : undefined;
  },

  save: async (tx, adjustment) => {
    const { terms, state, version, decidedAt } = adjustment;
    const rejection = adjustment.state === 'REJECTED' ? adjustment.rejection : null;
    queueWrite(
      tx,
      sql.prepared('inventory.update_adjustment', rows<never>())`
      UPDATE adjustment SET state = ${state}, version = ${version}, rejection = ${rejection},
        decided_at = ${decidedAt.toISOString()}
      WHERE adjustment_id = ${terms.adjustmentId}`,
    );
  },
};

function toAdjustment({ state, digest, version, rejection, decidedAt, ...terms }: AdjustmentRow): Adjustment {
  if (state === 'PENDING_APPROVAL') return { state, terms, digest, version };
  if (!decidedAt) throw new Error(`adjustment ${terms.adjustmentId} has no decided_at, which decided rules out`);
  if (state === 'POSTED') return { state, terms, digest, version, decidedAt };
  if (!rejection) throw new Error(`adjustment ${terms.adjustmentId} has no rejection, which rejected_why rules out`);
  return { state, terms, digest, version, rejection, decidedAt };
}
