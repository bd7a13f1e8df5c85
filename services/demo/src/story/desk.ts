import type { components as Billing } from '@atlas/generated-billing';
import type { components as Workflow } from '@atlas/generated-workflow';
import { succeeded } from '@atlas/runtime/client';
import type { People, Person } from '../people/people.ts';
import type { Goods, Order } from './goods.ts';
import type { Saga } from './saga.ts';

export type Invoice = Billing['schemas']['Invoice'];
export type Approval = Workflow['schemas']['Approval'];

const VERBS = { APPROVE: 'approves', REJECT: 'rejects' } as const;

/** Makes a person's decision about a subject that waits for it. Returns the approval as the person saw it. */
export async function decide(
  { name, workflow }: Person,
  saga: Saga,
  subjectId: string,
  decision: 'APPROVE' | 'REJECT' = 'APPROVE',
): Promise<Approval> {
  const { correlationId } = saga;
  const list = succeeded(await workflow.listApprovals({ query: { waitingForMe: true, limit: 200 } }));
  const found = list.body.items.find(({ subject }) => subject.id === subjectId);
  if (found === undefined) throw new Error(`nothing about ${subjectId} waits for ${name}`);
  const { approvalId } = found;
  const seen = succeeded(await workflow.getApproval({ params: { approvalId } }));
  const { version, digest } = seen.body.subject;
  succeeded(
    await workflow.decideApproval({
      params: { approvalId },
      ifMatch: seen.etag,
      body: { decision, subjectVersion: version, digest, comment: `The demo ${VERBS[decision]} it.` },
      correlationId,
    }),
  );
  return seen.body;
}

export async function invoiceOf({ finance }: People, orderId: string): Promise<Invoice> {
  const [invoice] = succeeded(await finance.billing.listInvoices({ query: { orderId } })).body.invoices;
  if (invoice === undefined) throw new Error(`order ${orderId} has no invoice`);
  return invoice;
}

/** Credits a part of the net amount of an invoice's first line, and pays that and its tax back to the customer. */
export async function refund(people: People, saga: Saga, invoice: Invoice, netMinor: number): Promise<void> {
  const { finance, approver } = people;
  const { correlationId } = saga;
  const { invoiceId } = invoice;
  const [line] = invoice.lines;
  if (line === undefined) throw new Error('the invoice has no line');
  const note = 'Some of them were broken';
  const net = { amountMinor: netMinor, currency: invoice.net.currency };
  const { etag } = succeeded(await finance.billing.getInvoice({ params: { invoiceId } }));
  const credited = succeeded(
    await finance.billing.createCreditNote({
      params: { invoiceId },
      ifMatch: etag,
      body: { lines: [{ lineId: line.lineId, net }], note },
      correlationId,
    }),
  );
  const paymentId = saga.paymentId();
  const payment = succeeded(await finance.billing.getPayment({ params: { paymentId } }));
  const amount = { amountMinor: credited.body.total.amountMinor, currency: credited.body.total.currency };
  const requested = succeeded(
    await finance.billing.requestRefund({
      params: { paymentId },
      ifMatch: payment.etag,
      body: { amount, note },
      correlationId,
    }),
  );
  await saga.sees('ApprovalRequested', 2);
  await decide(approver, saga, requested.body.refundId);
  await saga.sees('RefundSucceeded');
}

/** Cancels an order. Reads it again if an event has changed it meanwhile. */
export async function cancel(person: Person, saga: Saga, orderId: string): Promise<void> {
  const { correlationId } = saga;
  for (;;) {
    const { etag } = succeeded(await person.orders.getOrder({ params: { orderId } }));
    const answer = await person.orders.cancelOrder({ params: { orderId }, ifMatch: etag, correlationId });
    if (answer.status !== 412) return void succeeded(answer);
  }
}

/** Ships a part of each line. Waits until Inventory knows that the order is released. */
export async function ship({ ops }: People, saga: Saga, goods: Goods, order: Order, qty: number): Promise<void> {
  const { orderId, lines } = order;
  const { correlationId } = saga;
  await committed(async () => succeeded(await ops.inventory.getReservation({ params: { orderId } })).body.state);
  const body = { orderId, warehouseId: goods.warehouseId, lines: lines.map(({ lineId }) => ({ lineId, qty })) };
  succeeded(await ops.inventory.dispatchShipment({ body, correlationId }));
}

const POLL_MS = 25;
const PATIENCE_MS = 30_000;

async function committed(stateOf: () => Promise<string>): Promise<void> {
  const end = performance.now() + PATIENCE_MS;
  for (let state = 'HELD'; state !== 'COMMITTED'; state = await stateOf()) {
    if (state !== 'HELD' || performance.now() > end) throw new Error(`the reservation is ${state} and not COMMITTED`);
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
  }
}
