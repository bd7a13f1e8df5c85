import { contract } from '@atlas/generated-inventory';
import { runService, serviceEnv } from '@atlas/runtime/service';
import { pgCatalog as catalog } from './adapters/pgCatalog.ts';
import { pgReservationStore as reservations } from './adapters/pgReservationStore.ts';
import { pgStockLedger as stock } from './adapters/pgStockLedger.ts';
import { createItem } from './app/createItem.ts';
import { createWarehouse } from './app/createWarehouse.ts';
import { getItem } from './app/getItem.ts';
import { getReservation } from './app/getReservation.ts';
import { getStockLevel } from './app/getStockLevel.ts';
import { getWarehouse } from './app/getWarehouse.ts';
import { onOrderCancelled } from './app/onOrderCancelled.ts';
import { onOrderPlaced } from './app/onOrderPlaced.ts';
import { onReservationExpiry } from './app/onReservationExpiry.ts';
import { recordReceipt } from './app/recordReceipt.ts';

await runService(contract, {
  env: serviceEnv(process.env),
  migrations: new URL('../migrations/', import.meta.url),
  handlers: {
    createItem: createItem({ catalog }),
    createWarehouse: createWarehouse({ catalog }),
    getItem: getItem({ catalog }),
    getReservation: getReservation({ reservations }),
    getStockLevel: getStockLevel({ catalog, stock }),
    getWarehouse: getWarehouse({ catalog }),
    recordReceipt: recordReceipt({ catalog, stock }),
  },
  consumers: {
    onOrderCancelled: onOrderCancelled({ reservations, stock }),
    onOrderPlaced: onOrderPlaced({ reservations, stock }),
  },
  timers: {
    onReservationExpiry: onReservationExpiry({ reservations, stock }),
  },
});
