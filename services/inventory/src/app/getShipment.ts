import type { GetShipment } from '@atlas/generated-inventory';
import type { ShipmentStore } from '../ports.ts';
import { viewShipment } from './viewShipment.ts';

export const getShipment =
  ({ shipments }: { readonly shipments: ShipmentStore }): GetShipment.Handler =>
  async ({ params }, read): Promise<GetShipment.Result> => {
    const shipment = await shipments.read(read, params.shipmentId);
    if (!shipment) return shipmentNotFound(params.shipmentId);
    return { status: 200, body: viewShipment(shipment), version: shipment.version };
  };

export function shipmentNotFound(shipmentId: string) {
  return {
    status: 404,
    problem: { code: 'shipment-not-found', detail: `there is no shipment ${shipmentId}` },
  } as const;
}
