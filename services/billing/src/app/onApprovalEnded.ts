import type { OnApprovalRejected } from '@atlas/generated-billing';
import { decide } from '../domain/manualJournal.ts';
import { paymentWith } from '../domain/payment.ts';
import { reject } from '../domain/refund.ts';
import type { Ports, Tx } from '../ports.ts';
import { lockRefund } from './lockRefund.ts';
import { refundAutomatically } from './refundAutomatically.ts';

/** What an approval that was rejected, has expired or was cancelled says about its subject. */
type Ended = Pick<OnApprovalRejected.Input['data'], 'subjectType' | 'subjectId' | 'subjectVersion' | 'digest'>;

/** The handler of ApprovalRejected, ApprovalExpired and ApprovalCancelled: nobody has approved, so the subject ends. */
export const onApprovalEnded =
  (ports: Ports) =>
  async (
    { data, ctx }: { readonly data: Ended; readonly ctx: OnApprovalRejected.Input['ctx'] },
    tx: Tx,
  ): Promise<OnApprovalRejected.Result> => {
    switch (data.subjectType) {
      case 'REFUND': {
        const locked = await lockRefund(ports, tx, data.subjectId);
        const rejected = locked && reject(locked.refund, data);
        if (!rejected) return { events: [], noop: locked?.refund.state ?? 'UNKNOWN' };
        const payment = paymentWith(locked.payment, { refunded: locked.payment.refunded - rejected.amount });
        await ports.refunds.save(tx, rejected);
        await ports.payments.save(tx, payment);
        // the order was cancelled meanwhile, so all of its money goes back, whatever was decided about this refund
        const due = locked.invoice?.orderCancelled === true ? [{ payment, amount: rejected.amount }] : [];
        const refunding = await refundAutomatically(ports, tx, ctx, due);
        return {
          events: refunding.map(({ event }) => event),
          effects: refunding.flatMap(({ effects }) => effects),
        };
      }
      case 'JOURNAL': {
        const journal = await ports.manualJournals.load(tx, data.subjectId);
        const rejected = journal && decide(journal, 'REJECTED', data);
        if (!rejected) return { events: [], noop: journal?.state ?? 'UNKNOWN' };
        await ports.manualJournals.save(tx, rejected);
        return { events: [] };
      }
      case 'ORDER':
      case 'ADJUSTMENT':
      case 'UNSPECIFIED':
        return { events: [], noop: 'OTHER_SUBJECT' };
    }
  };
