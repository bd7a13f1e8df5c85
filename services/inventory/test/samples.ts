import type { Held, Shortage, WantedLine } from '../src/domain/reservation.ts';
import type { StockLevel } from '../src/domain/stock.ts';

export const NOW = new Date('2026-11-24T09:30:00.000Z');
export const ORDER_ID = '0199f3a2-6f0a-7c51-9b61-2f1d5a0c9e11';
export const RESERVATION_ID = '0199f3a2-6f0a-7c51-9b61-2f1d5a0c9e33';

export function aLevel(change: Partial<StockLevel> = {}): StockLevel {
  return { sku: 'BOLT', warehouseId: 'wh-a', warehouseCode: 'A', onHand: 10n, reserved: 0n, ...change };
}

export function aWantedLine(change: Partial<WantedLine> = {}): WantedLine {
  return { lineId: 'line-1', sku: 'BOLT', qty: 4n, warehouseId: null, ...change };
}

export function aHeld(): Held {
  return {
    state: 'HELD',
    reservationId: RESERVATION_ID,
    orderId: ORDER_ID,
    version: 1n,
    lines: [{ lineId: 'line-1', sku: 'BOLT', warehouseId: 'wh-a', qty: 4n }],
    expiresAt: new Date('2026-12-01T09:30:00.000Z'),
  };
}

export const aShortage: Shortage = { sku: 'BOLT', wanted: 4n, available: 0n };
