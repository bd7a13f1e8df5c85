import type { ConfirmDelivery } from '@atlas/generated-inventory';
import { deliver } from '../domain/shipment.ts';
import type { ShipmentStore } from '../ports.ts';
import { shipmentNotFound } from './getShipment.ts';
import { viewShipment } from './viewShipment.ts';

export const confirmDelivery =
  ({ shipments }: { readonly shipments: ShipmentStore }): ConfirmDelivery.Handler =>
  async ({ params, ifMatch, ctx }, tx): Promise<ConfirmDelivery.Result> => {
    const shipment = await shipments.load(tx, params.shipmentId, ifMatch);
    if (!shipment) return shipmentNotFound(params.shipmentId);
    const delivered = deliver(shipment, ctx.now);
    if (!delivered.ok) return delivered;
    await shipments.save(tx, delivered.shipment);
    return { status: 200, body: viewShipment(delivered.shipment), version: delivered.shipment.version };
  };
