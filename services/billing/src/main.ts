import { contract } from '@atlas/generated-billing';
import { runService, serviceEnv } from '@atlas/runtime/service';
import { pgInvoiceStore as invoices } from './adapters/pgInvoiceStore.ts';
import { openInvoice } from './app/openInvoice.ts';
import { closeInvoice } from './app/closeInvoice.ts';
import { getInvoice } from './app/getInvoice.ts';
import { onOrderCancelled } from './app/onOrderCancelled.ts';

await runService(contract, {
  env: serviceEnv(process.env),
  migrations: new URL('../migrations/', import.meta.url),
  handlers: {
    openInvoice: openInvoice({ invoices }),
    closeInvoice: closeInvoice({ invoices }),
    getInvoice: getInvoice({ invoices }),
  },
  consumers: {
    onOrderCancelled: onOrderCancelled({ invoices }),
  },
});
