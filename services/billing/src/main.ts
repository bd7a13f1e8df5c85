import { contract } from '@atlas/generated-billing';
import { runService, serviceEnv } from '@atlas/runtime/service';
import { pgCreditNoteStore } from './adapters/pgCreditNoteStore.ts';
import { pgInvoiceStore } from './adapters/pgInvoiceStore.ts';
import { pgLedger } from './adapters/pgLedger.ts';
import { pgNumberSeries } from './adapters/pgNumberSeries.ts';
import { pgPaymentStore } from './adapters/pgPaymentStore.ts';
import { pgRefundStore } from './adapters/pgRefundStore.ts';
import { sha256 } from './adapters/sha256.ts';
import { getInvoice } from './app/getInvoice.ts';
import { getJournal } from './app/getJournal.ts';
import { getPayment } from './app/getPayment.ts';
import { getTrialBalance } from './app/getTrialBalance.ts';
import { listInvoices } from './app/listInvoices.ts';
import { onOrderCancelled } from './app/onOrderCancelled.ts';
import { onOrderConfirmed } from './app/onOrderConfirmed.ts';
import { onOrderFulfilled } from './app/onOrderFulfilled.ts';
import { onOrderShipmentRecorded } from './app/onOrderShipmentRecorded.ts';
import { recordManualPayment } from './app/recordManualPayment.ts';
import type { Ports } from './ports.ts';

const ports: Ports = {
  invoices: pgInvoiceStore,
  creditNotes: pgCreditNoteStore,
  payments: pgPaymentStore,
  refunds: pgRefundStore,
  ledger: pgLedger,
  numbers: pgNumberSeries,
  sha256,
};

await runService(contract, {
  env: serviceEnv(process.env),
  migrations: new URL('../migrations/', import.meta.url),
  handlers: {
    getInvoice: getInvoice(ports),
    getJournal: getJournal(ports),
    getPayment: getPayment(ports),
    getTrialBalance: getTrialBalance(ports),
    listInvoices: listInvoices(ports),
    recordManualPayment: recordManualPayment(ports),
  },
  consumers: {
    onOrderCancelled: onOrderCancelled(ports),
    onOrderConfirmed: onOrderConfirmed(ports),
    onOrderFulfilled: onOrderFulfilled(ports),
    onOrderShipmentRecorded: onOrderShipmentRecorded(ports),
  },
});
