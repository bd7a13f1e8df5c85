import { contract } from '@atlas/generated-orders';
import { sha256 } from '@atlas/runtime/digest';
import { runService, serviceEnv } from '@atlas/runtime/service';
import { pgOrderStore as orders } from './adapters/pgOrderStore.ts';
import { awaitApproval } from './app/awaitApproval.ts';
import { cancelOrder } from './app/cancelOrder.ts';
import { createOrder } from './app/createOrder.ts';
import { discardOrder } from './app/discardOrder.ts';
import { getOrder } from './app/getOrder.ts';
import { onApprovalExpired } from './app/onApprovalExpired.ts';
import { onApprovalGranted } from './app/onApprovalGranted.ts';
import { onApprovalRejected } from './app/onApprovalRejected.ts';
import { onInvoiceIssued } from './app/onInvoiceIssued.ts';
import { onInvoicePaid } from './app/onInvoicePaid.ts';
import { onInvoicePaymentFailed } from './app/onInvoicePaymentFailed.ts';
import { onReservationExpired } from './app/onReservationExpired.ts';
import { onReservationReleased } from './app/onReservationReleased.ts';
import { onShipmentDispatched } from './app/onShipmentDispatched.ts';
import { onStockReservationFailed } from './app/onStockReservationFailed.ts';
import { placeOrder } from './app/placeOrder.ts';
import { updateDraftOrder } from './app/updateDraftOrder.ts';

await runService(contract, {
  env: serviceEnv(process.env),
  migrations: new URL('../migrations/', import.meta.url),
  handlers: {
    cancelOrder: cancelOrder({ orders }),
    createOrder: createOrder({ orders }),
    discardOrder: discardOrder({ orders }),
    getOrder: getOrder({ orders }),
    placeOrder: placeOrder({ orders, sha256 }),
    updateDraftOrder: updateDraftOrder({ orders }),
  },
  consumers: {
    awaitApproval: awaitApproval({ orders }),
    onApprovalExpired: onApprovalExpired({ orders }),
    onApprovalGranted: onApprovalGranted({ orders }),
    onApprovalRejected: onApprovalRejected({ orders }),
    onInvoiceIssued: onInvoiceIssued({ orders }),
    onInvoicePaid: onInvoicePaid({ orders }),
    onInvoicePaymentFailed: onInvoicePaymentFailed({ orders }),
    onReservationExpired: onReservationExpired({ orders }),
    onReservationReleased: onReservationReleased({ orders }),
    onShipmentDispatched: onShipmentDispatched({ orders }),
    onStockReservationFailed: onStockReservationFailed({ orders }),
  },
});
