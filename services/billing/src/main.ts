import { contract } from '@atlas/generated-billing';
import { sha256 } from '@atlas/runtime/digest';
import { runService, serviceEnv } from '@atlas/runtime/service';
import { pgCreditNoteStore } from './adapters/pgCreditNoteStore.ts';
import { pgInvoiceStore } from './adapters/pgInvoiceStore.ts';
import { pgLedger } from './adapters/pgLedger.ts';
import { pgManualJournalStore } from './adapters/pgManualJournalStore.ts';
import { pgNumberSeries } from './adapters/pgNumberSeries.ts';
import { pgPaymentStore } from './adapters/pgPaymentStore.ts';
import { pgPeriodStore, unpostedGauge } from './adapters/pgPeriodStore.ts';
import { pgProviderEventStore } from './adapters/pgProviderEventStore.ts';
import { pgReconciliationStore } from './adapters/pgReconciliationStore.ts';
import { pgRefundStore } from './adapters/pgRefundStore.ts';
import { providerIn } from './adapters/pspProvider.ts';
import { cancelIntent, createIntent, submitRefund } from './app/askProvider.ts';
import { closePeriod } from './app/closePeriod.ts';
import { createCreditNote } from './app/createCreditNote.ts';
import { fetchSettlement } from './app/fetchSettlement.ts';
import { getCreditNote } from './app/getCreditNote.ts';
import { getInvoice } from './app/getInvoice.ts';
import { getJournal } from './app/getJournal.ts';
import { getManualJournal } from './app/getManualJournal.ts';
import { getPayment } from './app/getPayment.ts';
import { getPeriod } from './app/getPeriod.ts';
import { getReconciliation } from './app/getReconciliation.ts';
import { getRefund } from './app/getRefund.ts';
import { getTrialBalance } from './app/getTrialBalance.ts';
import { listInvoices } from './app/listInvoices.ts';
import { onApprovalEnded } from './app/onApprovalEnded.ts';
import { onApprovalGranted } from './app/onApprovalGranted.ts';
import { onAskAgain } from './app/onAskAgain.ts';
import { onOrderCancelled } from './app/onOrderCancelled.ts';
import { onOrderConfirmed } from './app/onOrderConfirmed.ts';
import { onOrderFulfilled } from './app/onOrderFulfilled.ts';
import { onOrderShipmentRecorded } from './app/onOrderShipmentRecorded.ts';
import { onProviderEvent } from './app/onProviderEvent.ts';
import { postManualJournal } from './app/postManualJournal.ts';
import { receivePaymentWebhook } from './app/receivePaymentWebhook.ts';
import { recordManualPayment } from './app/recordManualPayment.ts';
import { recordManualRefund } from './app/recordManualRefund.ts';
import { requestRefund } from './app/requestRefund.ts';
import { retryRefund } from './app/retryRefund.ts';
import { reverseJournal } from './app/reverseJournal.ts';
import { runReconciliation } from './app/runReconciliation.ts';
import type { Ports } from './ports.ts';

const ports: Ports = {
  invoices: pgInvoiceStore,
  creditNotes: pgCreditNoteStore,
  payments: pgPaymentStore,
  refunds: pgRefundStore,
  manualJournals: pgManualJournalStore,
  periods: pgPeriodStore,
  ledger: pgLedger,
  numbers: pgNumberSeries,
  providerEvents: pgProviderEventStore,
  reconciliations: pgReconciliationStore,
  sha256,
  provider: configuredProvider(),
};

await runService(contract, {
  env: serviceEnv(process.env),
  migrations: new URL('../migrations/', import.meta.url),
  handlers: {
    closePeriod: closePeriod(ports),
    createCreditNote: createCreditNote(ports),
    getCreditNote: getCreditNote(ports),
    getInvoice: getInvoice(ports),
    getJournal: getJournal(ports),
    getManualJournal: getManualJournal(ports),
    getPayment: getPayment(ports),
    getPeriod: getPeriod(ports),
    getReconciliation: getReconciliation(ports),
    getRefund: getRefund(ports),
    getTrialBalance: getTrialBalance(ports),
    listInvoices: listInvoices(ports),
    postManualJournal: postManualJournal(ports),
    receivePaymentWebhook: receivePaymentWebhook(ports),
    recordManualPayment: recordManualPayment(ports),
    recordManualRefund: recordManualRefund(ports),
    requestRefund: requestRefund(ports),
    retryRefund: retryRefund(ports),
    reverseJournal: reverseJournal(ports),
    runReconciliation: runReconciliation(ports),
  },
  consumers: {
    onApprovalCancelled: onApprovalEnded(ports),
    onApprovalExpired: onApprovalEnded(ports),
    onApprovalGranted: onApprovalGranted(ports),
    onApprovalRejected: onApprovalEnded(ports),
    onOrderCancelled: onOrderCancelled(ports),
    onOrderConfirmed: onOrderConfirmed(ports),
    onOrderFulfilled: onOrderFulfilled(ports),
    onOrderShipmentRecorded: onOrderShipmentRecorded(ports),
  },
  timers: {
    onAskAgain: onAskAgain(ports),
    onProviderEvent: onProviderEvent(ports),
  },
  gauges: [unpostedGauge],
  effects: {
    cancelIntent: cancelIntent(ports),
    createIntent: createIntent(ports),
    fetchSettlement: fetchSettlement(ports),
    submitRefund: submitRefund(ports),
  },
});

/** Ends the process with one line if the environment is wrong, as `serviceEnv` does. */
function configuredProvider(): Ports['provider'] {
  try {
    return providerIn(process.env);
  } catch (error) {
    process.stderr.write(`billing can't start: ${error instanceof Error ? error.message : String(error)}\n`);
    process.exit(1);
  }
}
