import { contract } from '@atlas/generated-inventory';
import { sha256 } from '@atlas/runtime/digest';
import { runService, serviceEnv } from '@atlas/runtime/service';
import { pgAdjustmentStore as adjustments } from './adapters/pgAdjustmentStore.ts';
import { pgCatalog as catalog } from './adapters/pgCatalog.ts';
import { pgReservationStore as reservations } from './adapters/pgReservationStore.ts';
import { pgShipmentStore as shipments } from './adapters/pgShipmentStore.ts';
import { pgStockLedger as stock } from './adapters/pgStockLedger.ts';
import { confirmDelivery } from './app/confirmDelivery.ts';
import { createItem } from './app/createItem.ts';
import { createWarehouse } from './app/createWarehouse.ts';
import { dispatchShipment } from './app/dispatchShipment.ts';
import { getAdjustment } from './app/getAdjustment.ts';
import { getItem } from './app/getItem.ts';
import { getReorderPoint } from './app/getReorderPoint.ts';
import { getReservation } from './app/getReservation.ts';
import { getReturn } from './app/getReturn.ts';
import { getShipment } from './app/getShipment.ts';
import { getStockLevel } from './app/getStockLevel.ts';
import { getWarehouse } from './app/getWarehouse.ts';
import { onApprovalExpired } from './app/onApprovalExpired.ts';
import { onApprovalGranted } from './app/onApprovalGranted.ts';
import { onApprovalRejected } from './app/onApprovalRejected.ts';
import { onOrderCancellationRequested } from './app/onOrderCancellationRequested.ts';
import { onOrderCancelled } from './app/onOrderCancelled.ts';
import { onOrderReleased } from './app/onOrderReleased.ts';
import { onReservationExpiry } from './app/onReservationExpiry.ts';
import { recordReceipt } from './app/recordReceipt.ts';
import { recordReturn } from './app/recordReturn.ts';
import { requestAdjustment } from './app/requestAdjustment.ts';
import { reserveStock } from './app/reserveStock.ts';
import { setReorderPoint } from './app/setReorderPoint.ts';
import { updateItem } from './app/updateItem.ts';

await runService(contract, {
  env: serviceEnv(process.env),
  migrations: new URL('../migrations/', import.meta.url),
  handlers: {
    confirmDelivery: confirmDelivery({ shipments }),
    createItem: createItem({ catalog }),
    createWarehouse: createWarehouse({ catalog }),
    dispatchShipment: dispatchShipment({ reservations, shipments, stock }),
    getAdjustment: getAdjustment({ adjustments }),
    getItem: getItem({ catalog }),
    getReorderPoint: getReorderPoint({ catalog, stock }),
    getReservation: getReservation({ reservations }),
    getReturn: getReturn({ shipments }),
    getShipment: getShipment({ shipments }),
    getStockLevel: getStockLevel({ catalog, stock }),
    getWarehouse: getWarehouse({ catalog }),
    recordReceipt: recordReceipt({ catalog, stock }),
    recordReturn: recordReturn({ catalog, shipments, stock }),
    requestAdjustment: requestAdjustment({ adjustments, catalog, sha256, stock }),
    setReorderPoint: setReorderPoint({ catalog, stock }),
    updateItem: updateItem({ catalog }),
  },
  consumers: {
    onApprovalExpired: onApprovalExpired({ adjustments }),
    onApprovalGranted: onApprovalGranted({ adjustments, stock }),
    onApprovalRejected: onApprovalRejected({ adjustments }),
    onOrderCancellationRequested: onOrderCancellationRequested({ reservations, stock }),
    onOrderCancelled: onOrderCancelled({ reservations, stock }),
    onOrderReleased: onOrderReleased({ reservations, stock }),
    reserveStock: reserveStock({ reservations, stock, holdSeconds: holdSeconds() }),
  },
  timers: {
    onReservationExpiry: onReservationExpiry({ reservations, stock }),
  },
});

/**
 * How long stock is held, which must be longer than an approval and a payment take. Throws if the variable is not a
 * number of seconds.
 */
function holdSeconds(): number {
  const text = process.env['RESERVATION_HOLD_SECONDS'] ?? String(7 * 86_400);
  const seconds = Number(text);
  if (Number.isInteger(seconds) && seconds > 0 && seconds <= 365 * 86_400) return seconds;
  throw new Error(`RESERVATION_HOLD_SECONDS is not a whole number from 1 to a year: ${text}`);
}
