import type { GetReservation } from '@atlas/generated-inventory';
import type { HeldLine, Shortage } from '../domain/reservation.ts';
import type { ReservationStore } from '../ports.ts';

export const getReservation =
  ({ reservations }: { readonly reservations: ReservationStore }): GetReservation.Handler =>
  async ({ params }, read): Promise<GetReservation.Result> => {
    const found = await reservations.read(read, params.orderId);
    if (!found) {
      const detail = `order ${params.orderId} has not been placed, or has not arrived here yet`;
      return { status: 404, problem: { code: 'reservation-not-found', detail } };
    }
    const { reservationId, orderId, state, version } = found;
    const what =
      state === 'FAILED'
        ? { lines: [], shortages: found.shortages.map(viewShortage) }
        : { lines: found.lines.map(viewLine), shortages: [] };
    const end = 'expiresAt' in found ? { expiresAt: found.expiresAt.toISOString() } : {};
    return { status: 200, body: { reservationId, orderId, state, ...what, ...end }, version };
  };

function viewLine({ lineId, sku, warehouseId, qty, shipped }: HeldLine) {
  return { lineId, sku, warehouseId, qty: Number(qty), shipped: Number(shipped) };
}

function viewShortage({ sku, wanted, available }: Shortage) {
  return { sku, wanted: Number(wanted), available: Number(available) };
}
