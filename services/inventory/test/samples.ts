import type { AdjustmentTerms, PendingAdjustment } from '../src/domain/adjustment.ts';
import type {
  Closed,
  Committed,
  Expired,
  Failed,
  Held,
  HeldLine,
  Released,
  Shortage,
  WantedLine,
} from '../src/domain/reservation.ts';
import type { Shipment } from '../src/domain/shipment.ts';
import type { StockLevel } from '../src/domain/stock.ts';

export const NOW = new Date('2026-11-24T09:30:00.000Z');
export const ORDER_ID = '0199f3a2-6f0a-7c51-9b61-2f1d5a0c9e11';
export const RESERVATION_ID = '0199f3a2-6f0a-7c51-9b61-2f1d5a0c9e33';

export function aLevel(change: Partial<StockLevel> = {}): StockLevel {
  const balance = { onHand: 10n, reserved: 0n, reorderPoint: null };
  return { sku: 'BOLT', warehouseId: 'wh-a', warehouseCode: 'A', ...balance, ...change };
}

export function aWantedLine(change: Partial<WantedLine> = {}): WantedLine {
  return { lineId: 'line-1', sku: 'BOLT', qty: 4n, warehouseId: null, ...change };
}

export function aHeldLine(change: Partial<HeldLine> = {}): HeldLine {
  return { lineId: 'line-1', sku: 'BOLT', warehouseId: 'wh-a', qty: 4n, shipped: 0n, anyWarehouse: true, ...change };
}

const base = { reservationId: RESERVATION_ID, orderId: ORDER_ID };

export function aHeld(): Held {
  const expiresAt = new Date('2026-12-01T09:30:00.000Z');
  return { ...base, state: 'HELD', version: 1n, lines: [aHeldLine()], expiresAt };
}

export function anExpired(change: Partial<Expired> = {}): Expired {
  return { ...aHeld(), state: 'EXPIRED', version: 2n, ...change };
}

export function aCommitted(...lines: readonly HeldLine[]): Committed {
  return { ...base, state: 'COMMITTED', version: 2n, lines: lines.length > 0 ? lines : [aHeldLine()] };
}

export function aReleased(...lines: readonly HeldLine[]): Released {
  return { ...aCommitted(...lines), state: 'RELEASED', version: 3n };
}

export function aClosed(): Closed {
  return { ...aCommitted(aHeldLine({ shipped: 4n })), state: 'CLOSED', version: 3n };
}

export const aShortage: Shortage = { sku: 'BOLT', wanted: 4n, available: 0n };

export function aFailed(): Failed {
  return { ...base, state: 'FAILED', version: 1n, shortages: [aShortage] };
}

export function aShipment(change: Partial<Shipment> = {}): Shipment {
  return {
    shipmentId: '0199f3a2-6f0a-7c51-9b61-2f1d5a0c9e55',
    orderId: ORDER_ID,
    warehouseId: 'wh-a',
    state: 'DISPATCHED',
    version: 1n,
    lines: [
      { lineId: 'line-1', sku: 'BOLT', qty: 4n, returned: 0n },
      { lineId: 'line-2', sku: 'BOLT', qty: 3n, returned: 1n },
    ],
    dispatchedAt: NOW,
    deliveredAt: null,
    ...change,
  };
}

export function someTerms(change: Partial<AdjustmentTerms> = {}): AdjustmentTerms {
  return {
    adjustmentId: '0199f3a2-6f0a-7c51-9b61-2f1d5a0c9e44',
    sku: 'BOLT',
    warehouseId: 'wh-a',
    expectedOnHand: 10n,
    delta: -3n,
    reason: 'Three are rusty',
    requesterId: 'ops-1',
    requestedAt: NOW,
    ...change,
  };
}

export function aPendingAdjustment(): PendingAdjustment {
  return { state: 'PENDING_APPROVAL', terms: someTerms(), digest: 'a'.repeat(64), version: 1n };
}
