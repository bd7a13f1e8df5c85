import type { components } from '@atlas/generated-inventory';
import type { Shipment } from '../domain/shipment.ts';
import type { GoodsReturn } from '../domain/takeBack.ts';

type Schemas = components['schemas'];

/** A shipment as the contract shows it. */
export function viewShipment(shipment: Shipment): Schemas['Shipment'] {
  const { shipmentId, orderId, warehouseId, state, lines, dispatchedAt, deliveredAt } = shipment;
  return {
    shipmentId,
    orderId,
    warehouseId,
    state,
    lines: lines.map(({ lineId, sku, qty, returned }) => ({
      lineId,
      sku,
      qty: Number(qty),
      returned: Number(returned),
    })),
    dispatchedAt: dispatchedAt.toISOString(),
    ...(deliveredAt ? { deliveredAt: deliveredAt.toISOString() } : {}),
  };
}

/** A return as the contract shows it. */
export function viewReturn({ lines, recordedAt, ...rest }: GoodsReturn): Schemas['Return'] {
  return {
    ...rest,
    lines: lines.map((line) => ({ ...line, qty: Number(line.qty) })),
    recordedAt: recordedAt.toISOString(),
  };
}
