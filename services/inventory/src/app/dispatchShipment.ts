import type { DispatchShipment } from '@atlas/generated-inventory';
import { dispatch } from '../domain/dispatch.ts';
import type { ReservationStore, ShipmentStore, StockLedger } from '../ports.ts';
import { shipmentDispatched, stockMoved } from './events.ts';
import { invalid } from './stockPlace.ts';
import { viewShipment } from './viewShipment.ts';

export const dispatchShipment =
  ({
    reservations,
    shipments,
    stock,
  }: {
    readonly reservations: ReservationStore;
    readonly shipments: ShipmentStore;
    readonly stock: StockLedger;
  }): DispatchShipment.Handler =>
  async ({ body, ctx }, tx): Promise<DispatchShipment.Result> => {
    const reservation = await reservations.load(tx, body.orderId);
    if (!reservation) {
      const detail = `order ${body.orderId} has not been placed, or has not arrived here yet`;
      return { status: 422, problem: invalid('reservation-unknown', '/orderId', detail) };
    }
    const skus = reservation.state === 'FAILED' ? [] : reservation.lines.map(({ sku }) => sku);
    const load = {
      warehouseId: body.warehouseId.toLowerCase(),
      lines: body.lines.map(({ lineId, qty }) => ({ lineId: lineId.toLowerCase(), qty: BigInt(qty) })),
    };
    const dispatched = dispatch(reservation, await stock.lockAll(tx, skus), load, ctx);
    if (!dispatched.ok) return dispatched;
    const { shipment, movements } = dispatched;
    await reservations.save(tx, dispatched.reservation);
    await stock.record(tx, movements);
    await shipments.insert(tx, shipment);
    const last = dispatched.reservation.state === 'CLOSED';
    return {
      status: 201,
      body: viewShipment(shipment),
      version: shipment.version,
      headers: { Location: `/v1/shipments/${shipment.shipmentId}` },
      events: [...movements.map(stockMoved), shipmentDispatched(shipment, { last })],
    };
  };
