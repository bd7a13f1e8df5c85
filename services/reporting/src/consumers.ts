import type { Consumers } from '@atlas/generated-reporting';
import type { Tx } from '@atlas/runtime';
import type { AnyMessage, Projection } from './projections/projection.ts';

/** The handlers of all topics. Each gives a set to all projections, in their sequence, and sends nothing. */
export function consumersOf(projections: readonly Projection[]): Consumers {
  const project = async ({ messages }: { readonly messages: readonly AnyMessage[] }, tx: Tx) => {
    for (const projection of projections) await projection.apply(messages, tx);
    return messages.map(() => ({ events: [] as const }));
  };
  return {
    projectAdjustments: project,
    projectApprovals: project,
    projectInvoices: project,
    projectItems: project,
    projectLedger: project,
    projectOrders: project,
    projectPayments: project,
    projectReservations: project,
    projectStock: project,
  };
}
