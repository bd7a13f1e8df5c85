import type { OnApprovalGranted } from '@atlas/generated-orders';
import { dateOfMicros } from '@atlas/runtime/time';
import { confirm } from '../domain/decide/approval.ts';
import type { OrderStore } from '../ports.ts';
import { answer, ANOTHER_SUBJECT } from './answer.ts';
import { orderConfirmed } from './events.ts';

export const onApprovalGranted =
  ({ orders }: { readonly orders: OrderStore }): OnApprovalGranted.Handler =>
  async ({ data, ctx }, tx): Promise<OnApprovalGranted.Result> => {
    if (data.subjectType !== 'ORDER') return ANOTHER_SUBJECT;
    return answer(orders, tx, {
      orderId: data.subjectId,
      decide: (order) =>
        confirm(
          order,
          { version: data.subjectVersion, digest: data.digest },
          { approvalId: data.approvalId, auto: data.auto, decidedAt: dateOfMicros(data.decidedAt) },
          ctx.now,
        ),
      events: ({ order }) => [orderConfirmed(order)],
    });
  };
