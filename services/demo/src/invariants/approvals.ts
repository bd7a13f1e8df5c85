import type { Invariant } from './log.ts';

export const APPROVALS: readonly Invariant[] = [
  {
    id: 'W1',
    promise: 'nobody approves what they want themselves, and nobody twice',
    broken: (log) => {
      const requesters = new Map(log.all('ApprovalRequested').map((asked) => [asked.approvalId, asked.requesterId]));
      return log.all('ApprovalGranted').flatMap(({ approvalId, deciders }) => {
        const names = deciders.flatMap(({ actorId, onBehalfOf }) => [actorId, ...(onBehalfOf ? [onBehalfOf] : [])]);
        const isOwn = names.includes(requesters.get(approvalId) ?? '');
        return isOwn || new Set(names).size < names.length ? [`approval ${approvalId} lacks a second person`] : [];
      });
    },
  },
  {
    id: 'W3',
    promise: 'an order is confirmed by an approval of exactly what was placed',
    broken: (log) =>
      log.all('OrderConfirmed').flatMap(({ orderId }) => {
        const asked = log.of('OrderReserved', orderId);
        const isGranted = log
          .all('ApprovalGranted')
          .some(
            ({ subjectId, subjectVersion, digest }) =>
              subjectId === orderId && subjectVersion === asked?.orderVersion && digest === asked.digest,
          );
        return isGranted ? [] : [`order ${orderId} was confirmed, and what was placed was not approved`];
      }),
  },
];
