import { sql } from 'slonik';
import { rows, slonikOf } from '@atlas/runtime/slonik';
import type { RefundStore } from '../ports.ts';

/** Refunds in Postgres, in the transaction that the plumbing opened. */
export const pgRefundStore: RefundStore = {
  insert: async (tx, refund) => {
    await slonikOf(tx).query(sql.prepared('billing.insert_refund', rows<never>())`
      INSERT INTO refund (refund_id, version, payment_id, state, currency, amount, automatic, requester_id, note, digest,
        requested_at)
      VALUES (${refund.refundId}, ${refund.version}, ${refund.paymentId}, ${refund.state}, ${refund.currency},
        ${refund.amount}, ${refund.automatic}, ${refund.requesterId}, ${refund.note ?? null}, ${refund.digest},
        ${refund.requestedAt.toISOString()})`);
  },
};
