import { pages, type ReportId, type Viewer } from '../src/pages/index.ts';
import type { Samples } from './pageSamples.ts';

export const EVERYBODY: Viewer = { roles: ['ops', 'finance', 'approver', 'admin'] };

/** The page of each sample. */
export function drawn(samples: Samples, viewer = EVERYBODY): Readonly<Record<ReportId, string>> {
  const {
    getApprovalWorkload: workload,
    getDailySales: sales,
    getOrderTimeline: timeline,
    getReceivablesAging: aging,
    getSagaHealth: health,
    getStockPosition: stock,
    searchOrders: orders,
  } = samples;
  return {
    getApprovalWorkload: pages.getApprovalWorkload(workload.body, workload.query, viewer),
    getDailySales: pages.getDailySales(sales.body, sales.query, viewer),
    getOrderTimeline: pages.getOrderTimeline(timeline.body, timeline.query, viewer),
    getReceivablesAging: pages.getReceivablesAging(aging.body, aging.query, viewer),
    getSagaHealth: pages.getSagaHealth(health.body, health.query, viewer),
    getStockPosition: pages.getStockPosition(stock.body, stock.query, viewer),
    searchOrders: pages.searchOrders(orders.body, orders.query, viewer),
  };
}
