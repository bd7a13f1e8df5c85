import type { OnApprovalExpired } from '@atlas/generated-orders';
import { cancelForDecision } from '../domain/decide/approval.ts';
import type { OrderStore } from '../ports.ts';
import { answer, ANOTHER_SUBJECT } from './answer.ts';
import { orderCancelled } from './events.ts';

export const onApprovalExpired =
  ({ orders }: { readonly orders: OrderStore }): OnApprovalExpired.Handler =>
  async ({ data, ctx }, tx): Promise<OnApprovalExpired.Result> => {
    if (data.subjectType !== 'ORDER') return ANOTHER_SUBJECT;
    return answer(orders, tx, {
      orderId: data.subjectId,
      decide: (order) =>
        cancelForDecision(order, { version: data.subjectVersion, digest: data.digest }, 'APPROVAL_EXPIRED', ctx.now),
      events: ({ order }) => [orderCancelled(order)],
    });
  };
