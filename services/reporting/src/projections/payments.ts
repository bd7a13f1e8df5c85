import { foldRows, type Folding } from './foldRows.ts';
import { instantOf } from './instants.ts';
import { oneOf, type Projection } from './projection.ts';
import { tableOf } from './table.ts';

export interface PaymentRow {
  readonly payment_id: string;
  readonly order_id: string | null;
  readonly invoice_id: string | null;
  readonly currency: string | null;
  readonly amount_minor: bigint;
  readonly unapplied_minor: bigint;
  readonly state: 'PENDING' | 'SUCCEEDED' | 'FAILED' | 'UNAPPLIED';
  readonly changed_at: Date;
}

const table = tableOf<PaymentRow>('payment', ['payment_id'], {
  payment_id: 'uuid',
  order_id: 'uuid',
  invoice_id: 'uuid',
  currency: 'text',
  amount_minor: 'int8',
  unapplied_minor: 'int8',
  state: 'text',
  changed_at: 'timestamptz',
});

const isPaymentEvent = oneOf('PaymentSucceeded', 'PaymentFailed', 'PaymentUnapplied');

/**
 * Money that came in, or that was requested without success. It may begin with any event. Money that came in stays,
 * whatever is said later. `UNAPPLIED` means that none of it pays an invoice.
 */
export const paymentRows: Folding<PaymentRow, 'payment_id'> = {
  table,
  key: ['payment_id'],
  keyOf: (message) => (isPaymentEvent(message) ? { payment_id: message.data.paymentId } : undefined),
  fold: (before, message) => {
    if (!isPaymentEvent(message)) return before;
    const row = { ...(before ?? NOTHING), payment_id: message.data.paymentId };
    const order_id = message.data.orderId ?? row.order_id;
    switch (message.type) {
      case 'PaymentSucceeded':
        return withState({
          ...row,
          order_id,
          invoice_id: message.data.invoiceId ?? row.invoice_id,
          currency: message.data.amount.currency,
          amount_minor: message.data.amount.amountMinor,
          changed_at: instantOf(message.data.succeededAt),
        });
      case 'PaymentUnapplied':
        return withState({
          ...row,
          order_id,
          currency: message.data.amount.currency,
          unapplied_minor: message.data.amount.amountMinor,
          changed_at: instantOf(message.data.recordedAt),
        });
      case 'PaymentFailed':
        if (row.state === 'SUCCEEDED' || row.state === 'UNAPPLIED') return { ...row, order_id };
        return {
          ...row,
          order_id,
          // a try that is not the last one leaves the payment open
          state: message.data.final ? 'FAILED' : row.state,
          changed_at: instantOf(message.data.failedAt),
        };
    }
  },
};

const NOTHING = {
  order_id: null,
  invoice_id: null,
  currency: null,
  amount_minor: 0n,
  unapplied_minor: 0n,
  state: 'PENDING',
  changed_at: new Date(0),
} satisfies Partial<PaymentRow>;

function withState(row: Omit<PaymentRow, 'state'>): PaymentRow {
  return { ...row, state: row.unapplied_minor >= row.amount_minor ? 'UNAPPLIED' : 'SUCCEEDED' };
}

export interface RefundRow {
  readonly refund_id: string;
  readonly payment_id: string;
  readonly order_id: string | null;
  readonly currency: string;
  readonly amount_minor: bigint;
  readonly automatic: boolean;
  readonly requester_id: string;
  readonly state: 'REQUESTED' | 'SUCCEEDED' | 'FAILED';
  readonly requested_at: Date;
  readonly changed_at: Date;
}

const refundTable = tableOf<RefundRow>('refund', ['refund_id'], {
  refund_id: 'uuid',
  payment_id: 'uuid',
  order_id: 'uuid',
  currency: 'text',
  amount_minor: 'int8',
  automatic: 'bool',
  requester_id: 'text',
  state: 'text',
  requested_at: 'timestamptz',
  changed_at: 'timestamptz',
});

const isRefundEvent = oneOf('RefundRequested', 'RefundSucceeded', 'RefundFailed');

/** Money that should go back. It begins with RefundRequested. A failed refund may be tried again. */
export const refundRows: Folding<RefundRow, 'refund_id'> = {
  table: refundTable,
  key: ['refund_id'],
  keyOf: (message) => (isRefundEvent(message) ? { refund_id: message.data.refundId } : undefined),
  fold: (row, message) => {
    if (!isRefundEvent(message)) return row;
    const { type, data } = message;
    if (!row) {
      if (type !== 'RefundRequested') return undefined;
      return {
        refund_id: data.refundId,
        payment_id: data.paymentId,
        order_id: data.orderId,
        currency: data.amount.currency,
        amount_minor: data.amount.amountMinor,
        automatic: data.automatic,
        requester_id: data.requesterId,
        state: 'REQUESTED',
        requested_at: instantOf(data.requestedAt),
        changed_at: instantOf(data.requestedAt),
      };
    }
    if (row.state === 'SUCCEEDED' || type === 'RefundRequested') return row;
    if (type === 'RefundSucceeded') return { ...row, state: 'SUCCEEDED', changed_at: instantOf(data.succeededAt) };
    return { ...row, state: 'FAILED', changed_at: instantOf(data.failedAt) };
  },
};

export const payments: Projection = {
  name: 'payments',
  version: 1,
  tables: [table.name, refundTable.name],
  apply: async (messages, tx) => {
    await foldRows(paymentRows, messages, tx);
    await foldRows(refundRows, messages, tx);
  },
};
