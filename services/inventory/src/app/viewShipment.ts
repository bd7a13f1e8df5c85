import type { components } from '@atlas/generated-inventory';
import type { Shipment } from '../domain/shipment.ts';

/** A shipment as the contract shows it. */
export function viewShipment(shipment: Shipment): components['schemas']['Shipment'] {
  const { shipmentId, orderId, warehouseId, state, lines, dispatchedAt } = shipment;
  return {
    shipmentId,
    orderId,
    warehouseId,
    state,
    lines: lines.map((line) => ({ ...line, qty: Number(line.qty) })),
    dispatchedAt: dispatchedAt.toISOString(),
  };
}
