import { aggregateVersions } from './aggregateVersions.ts';
import { approvals } from './approvals.ts';
import { holds } from './holds.ts';
import { invoices } from './invoices.ts';
import { items } from './items.ts';
import { orderSummary } from './orderSummary.ts';
import { payments } from './payments.ts';
import type { Projection } from './projection.ts';
import { salesDaily } from './salesDaily.ts';
import { stock } from './stock.ts';
import { timeline } from './timeline.ts';

/**
 * All projections, in the sequence in which they are applied. All transactions have this sequence, so that they do not
 * deadlock. `salesDaily` reads what `orderSummary` has written.
 */
export const projections: readonly Projection[] = [
  orderSummary,
  holds,
  invoices,
  payments,
  approvals,
  stock,
  items,
  timeline,
  aggregateVersions,
  salesDaily,
];
