import { getReceivablesAging } from './aging.ts';
import { getApprovalWorkload } from './approvals.ts';
import { searchOrders } from './orders.ts';
import type { BodyOf, QueryOf, ReportId, Viewer } from './report.ts';
import { getDailySales } from './sales.ts';
import { getSagaHealth } from './sagaHealth.ts';
import { getStockPosition } from './stock.ts';
import { getOrderTimeline } from './timeline.ts';

export type { BodyOf, QueryOf, ReportId, Viewer };

/**
 * The page of each report: a function of its JSON body, its query and the reader that returns an HTML document. A
 * report without a page is a type error. Texts are escaped, the size is limited, and only the arguments are read.
 */
export const pages: {
  readonly [Id in ReportId]: (body: BodyOf<Id>, query: QueryOf<Id>, viewer: Viewer) => string;
} = {
  getApprovalWorkload,
  getDailySales,
  getOrderTimeline,
  getReceivablesAging,
  getSagaHealth,
  getStockPosition,
  searchOrders,
};
