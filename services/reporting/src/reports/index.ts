import type { Handlers } from '@atlas/generated-reporting';
import { getApprovalWorkload } from './approvalWorkload.ts';
import { getDailySales } from './dailySales.ts';
import type { Freshness } from './meta.ts';
import { getOrderTimeline } from './orderTimeline.ts';
import { getReceivablesAging } from './receivablesAging.ts';
import { getSagaHealth } from './sagaHealth.ts';
import { searchOrders } from './searchOrders.ts';
import { getStockPosition } from './stockPosition.ts';

/** The operations that read reports. */
export type ReportHandlers = Omit<Handlers, 'startRebuild' | 'getRebuild'>;

/** The handlers of all reports. */
export function reports(freshness: Freshness): ReportHandlers {
  return {
    getApprovalWorkload: getApprovalWorkload(freshness),
    getDailySales: getDailySales(freshness),
    getOrderTimeline: getOrderTimeline(freshness),
    getReceivablesAging: getReceivablesAging(freshness),
    getSagaHealth: getSagaHealth(freshness),
    getStockPosition: getStockPosition(freshness),
    searchOrders: searchOrders(freshness),
  };
}
