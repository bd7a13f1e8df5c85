import { contract } from '@atlas/generated-orders';
import { runService, serviceEnv } from '@atlas/runtime/service';
import { pgOrderStore as orders } from './adapters/pgOrderStore.ts';
import { sha256 } from './adapters/sha256.ts';
import { createOrder } from './app/createOrder.ts';
import { getOrder } from './app/getOrder.ts';
import { onReservationExpired } from './app/onReservationExpired.ts';
import { onStockReservationFailed } from './app/onStockReservationFailed.ts';
import { onStockReserved } from './app/onStockReserved.ts';
import { placeOrder } from './app/placeOrder.ts';

await runService(contract, {
  env: serviceEnv(process.env),
  migrations: new URL('../migrations/', import.meta.url),
  handlers: {
    createOrder: createOrder({ orders }),
    getOrder: getOrder({ orders }),
    placeOrder: placeOrder({ orders, sha256 }),
  },
  consumers: {
    onReservationExpired: onReservationExpired({ orders }),
    onStockReserved: onStockReserved({ orders }),
    onStockReservationFailed: onStockReservationFailed({ orders }),
  },
});
