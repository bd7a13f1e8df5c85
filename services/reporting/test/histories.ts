import type { AnyMessage } from '../src/projections/projection.ts';
import { aMessage, contractOf, micros, minutesLater, type DataOf } from './messages.ts';

/** The course of an order. Each choice is one that the saga allows. */
export interface Course {
  readonly lines: number;
  readonly currency: string;
  readonly approval: 'auto' | 'asked' | 'two steps' | 'escalated' | 'rejected' | 'expired';
  readonly terms: 'PREPAID' | 'NET_30';
  readonly payment: 'paid' | 'declined first' | 'failed' | 'overpaid';
  readonly end:
    | 'shortage'
    | 'hold expired'
    | 'held once more'
    | 'shipped'
    | 'shipped in parts'
    | 'cancelled'
    | 'cut short';
  readonly returned: boolean;
}

/** Gives events their topics and sequences, as if services of Atlas had sent them. */
export class Log {
  readonly #sequences = new Map<string, bigint>();
  readonly #messages: AnyMessage[] = [];

  get messages(): readonly AnyMessage[] {
    return this.#messages;
  }

  send<Type extends AnyMessage['type']>({ type, data }: { readonly type: Type; readonly data: DataOf<Type> }): void {
    const number = this.#messages.length;
    const place = placeOf(aMessage(type, data));
    const sequence = (this.#sequences.get(place) ?? 0n) + 1n;
    this.#sequences.set(place, sequence);
    this.#messages.push(
      aMessage(type, data, {
        id: idOf('e', number),
        time: minutesLater(number),
        causationId: number === 0 ? undefined : idOf('e', number - 1),
        sequence,
        actorId: 'ops-1',
        offset: BigInt(number),
      }),
    );
  }
}

/** The topic and the key of an event. */
export function placeOf({ type, data }: AnyMessage): string {
  const message = contractOf(type);
  return `${message.topic} ${message.key?.(data) ?? ''}`;
}

/** A readable UUID: a letter for the kind of thing, and its number. */
export function idOf(kind: string, number: number): string {
  const tail = number.toString(16).padStart(12, '0');
  return `0199f3a2-${kind.charCodeAt(0).toString(16).padStart(4, '0')}-7000-8000-${tail}`;
}

/** The events of an order with this course. Its ids are made from `number`. */
export function play(log: Log, number: number, course: Course): void {
  const { currency, terms } = course;
  const orderId = idOf('o', number);
  const digest = 'ab'.repeat(32);
  const money = (amountMinor: bigint) => ({ amountMinor, currency });
  const at = () => micros(log.messages.length) + 123n;
  const lines = Array.from({ length: course.lines }, (_, index) => ({
    lineId: idOf('l', number * 256 + index),
    sku: `SKU-${(number + index) % 7}`,
    warehouseId: idOf('w', number % 2),
    qty: BigInt(2 + index),
  }));
  const net = lines.reduce((sum, { qty }) => sum + qty * 100n, 0n);
  const tax = (net * 19n) / 100n;
  const total = money(net + tax);
  let orderVersion = 2n;
  const order = () => ({ orderId, orderVersion: (orderVersion += 1n) });
  const invoiceId = idOf('i', number);
  const payment = { paymentId: idOf('p', number), orderId, provider: 'psp', providerRef: `ch_${number}` };
  const cancel = (reason: DataOf<'OrderCancelled'>['reason']) =>
    log.send({ type: 'OrderCancelled', data: { ...order(), reason } });
  const credit = (taken: bigint, reason: 'ORDER_CANCELLED' | 'REMAINDER_CANCELLED') =>
    log.send({
      type: 'InvoiceCredited',
      data: {
        orderId,
        invoiceId,
        creditNoteId: idOf('n', number),
        number: `CN-${number}`,
        net: money(taken),
        tax: money((taken * 19n) / 100n),
        total: money(taken + (taken * 19n) / 100n),
        reason,
        creditedAt: at(),
      },
    });
  const refund = (amount: bigint) => {
    const { paymentId } = payment;
    const about = { paymentId, refundId: idOf('r', number), orderId, amount: money(amount) };
    log.send({
      type: 'RefundRequested',
      data: { ...about, requesterId: 'atlas', automatic: true, version: 1n, digest, requestedAt: at() },
    });
    if (number % 3 === 0) log.send({ type: 'RefundFailed', data: { ...about, reason: 'no account', failedAt: at() } });
    log.send({ type: 'RefundSucceeded', data: { ...about, providerRef: `re_${number}`, succeededAt: at() } });
  };
  const move = (kind: 'RECEIPT' | 'SHIPMENT' | 'RETURN', some: typeof lines, delta: (qty: bigint) => bigint) => {
    for (const [index, { sku, warehouseId, qty }] of some.entries())
      log.send({
        type: 'StockMoved',
        data: {
          movementId: idOf('m', log.messages.length),
          sku,
          warehouseId,
          kind,
          delta: delta(qty),
          onHandAfter: BigInt(1000 - log.messages.length - index),
          reservedAfter: 0n,
        },
      });
  };
  const ship = (some: typeof lines, last: boolean, shipmentId: string) => {
    const shipped = some.map(({ lineId, sku, qty }) => ({ lineId, sku, qty }));
    const warehouseId = some[0]?.warehouseId ?? idOf('w', 0);
    log.send({
      type: 'ShipmentDispatched',
      data: { orderId, shipmentId, warehouseId, lines: shipped, last, dispatchedAt: at() },
    });
    move('SHIPMENT', some, (qty) => -qty);
    log.send({
      type: 'OrderShipmentRecorded',
      data: {
        ...order(),
        shipmentId,
        lines: some.map(({ lineId, qty }) => ({ lineId, qty, net: money(qty * 100n) })),
        net: money(some.reduce((sum, { qty }) => sum + qty * 100n, 0n)),
        shippedAt: at(),
      },
    });
  };

  for (const { sku } of lines)
    log.send({
      type: 'ItemChanged',
      data: { sku, name: `Item "${sku}" \\ ${number}`, baseUnit: 'piece', version: 1n, changedAt: at() },
    });
  move('RECEIPT', lines, (qty) => qty);
  log.send({
    type: 'OrderPlaced',
    data: { orderId, customerId: idOf('k', number % 5), requesterId: 'ops-1', lines, total, digest, placedAt: at() },
  });
  if (course.end === 'shortage') {
    const shortages = [{ sku: 'SKU-1', wanted: 5n, available: 0n }];
    log.send({ type: 'StockReservationFailed', data: { orderId, shortages } });
    return cancel('INSUFFICIENT_STOCK');
  }
  const reservationId = idOf('v', number);
  log.send({ type: 'StockReserved', data: { orderId, reservationId, expiresAt: at() + 604_800_000_000n, lines } });
  log.send({ type: 'OrderReserved', data: { ...order(), digest, total, requesterId: 'ops-1', lines: [] } });

  const subject = {
    approvalId: idOf('a', number),
    subjectType: 'ORDER' as const,
    subjectId: orderId,
    subjectVersion: orderVersion,
    digest,
  };
  const decided = (decision: 'APPROVE' | 'REJECT', step = 1, steps = step) =>
    log.send({
      type: 'StepDecided',
      data: {
        ...subject,
        step,
        decision,
        actorId: 'approver-1',
        onBehalfOf: null,
        auditHash: digest,
        decidedAt: at(),
        nextStepDueAt: step < steps ? at() + 86_400_000_000n : null,
      },
    });
  if (course.approval !== 'auto')
    log.send({
      type: 'ApprovalRequested',
      data: {
        ...subject,
        requesterId: 'ops-1',
        amountMinor: total.amountMinor,
        currency,
        policyId: 'order',
        policyVersion: 1n,
        steps: course.approval === 'two steps' ? 2 : 1,
        dueAt: at() + 172_800_000_000n,
        requestedAt: at(),
      },
    });
  if (course.approval === 'escalated')
    log.send({ type: 'ApprovalEscalated', data: { ...subject, step: 1, role: 'finance', escalatedAt: at() } });
  if (course.end === 'hold expired') {
    log.send({ type: 'ReservationExpired', data: { orderId, reservationId } });
    cancel('RESERVATION_EXPIRED');
    return log.send({ type: 'ApprovalCancelled', data: { ...subject, cancelledAt: at() } });
  }
  const release = (
    released: typeof lines,
    shipped: typeof lines,
    cause: 'ORDER_CANCELLED' | 'CANCELLATION_REQUESTED',
  ) =>
    log.send({
      type: 'ReservationReleased',
      data: {
        orderId,
        reservationId,
        released: released.map(({ lineId, qty }) => ({ lineId, qty })),
        shipped: shipped.map(({ lineId, qty }) => ({ lineId, qty })),
        cause,
      },
    });
  if (course.approval === 'rejected' || course.approval === 'expired') {
    if (course.approval === 'rejected') {
      decided('REJECT');
      const decider = { actorId: 'approver-1', onBehalfOf: null };
      log.send({ type: 'ApprovalRejected', data: { ...subject, decider, comment: 'too much', decidedAt: at() } });
      cancel('APPROVAL_REJECTED');
    } else {
      log.send({ type: 'ApprovalExpired', data: { ...subject, expiredAt: at() } });
      cancel('APPROVAL_EXPIRED');
    }
    return release(lines, [], 'ORDER_CANCELLED');
  }
  if (course.approval === 'two steps') decided('APPROVE', 1, 2);
  if (course.approval !== 'auto') decided('APPROVE', course.approval === 'two steps' ? 2 : 1);
  log.send({
    type: 'ApprovalGranted',
    data: {
      ...subject,
      auto: course.approval === 'auto',
      policyId: 'order',
      policyVersion: 1n,
      deciders: course.approval === 'auto' ? [] : [{ actorId: 'approver-1', onBehalfOf: null }],
      decidedAt: at(),
    },
  });
  log.send({
    type: 'OrderConfirmed',
    data: {
      ...order(),
      customerId: idOf('k', number % 5),
      lines: lines.map(({ lineId, sku, qty }) => ({ lineId, sku, qty, net: money(qty * 100n), tax: money(qty * 19n) })),
      taxRateBasisPoints: 1900,
      net: money(net),
      tax: money(tax),
      total,
      terms,
      requesterId: 'ops-1',
      confirmedAt: at(),
    },
  });
  log.send({
    type: 'InvoiceIssued',
    data: {
      orderId,
      invoiceId,
      number: `INV-${number}`,
      net: money(net),
      tax: money(tax),
      total,
      terms,
      dueDate: '2026-02-04',
      issuedAt: at(),
    },
  });
  log.send({
    type: 'JournalPosted',
    data: {
      journalId: idOf('j', number),
      kind: 'INVOICE',
      effectiveDate: '2026-01-05',
      period: '2026-01',
      reference: invoiceId,
      lines: [
        { account: 'AR', side: 'DEBIT', amount: total },
        { account: 'DEFERRED_REVENUE', side: 'CREDIT', amount: total },
      ],
      postedAt: at(),
    },
  });
  if (course.payment === 'failed' || course.payment === 'declined first') {
    const failure = { final: course.payment === 'failed', reason: 'DECLINED' as const, failedAt: at() };
    const { paymentId, provider } = payment;
    log.send({ type: 'PaymentFailed', data: { paymentId, orderId, provider, ...failure } });
    log.send({ type: 'InvoicePaymentFailed', data: { orderId, invoiceId, ...failure } });
  }
  if (course.payment === 'failed') {
    cancel('PAYMENT_FAILED');
    release(lines, [], 'ORDER_CANCELLED');
    return credit(net, 'ORDER_CANCELLED');
  }
  const excess = course.payment === 'overpaid' ? 500n : 0n;
  const captured = money(total.amountMinor + excess);
  log.send({ type: 'PaymentSucceeded', data: { ...payment, invoiceId, amount: captured, succeededAt: at() } });
  log.send({ type: 'InvoicePaid', data: { orderId, invoiceId, paymentIds: [payment.paymentId], paidAt: at() } });
  if (excess > 0n)
    log.send({ type: 'PaymentUnapplied', data: { ...payment, amount: money(excess), recordedAt: at() } });
  if (course.end === 'held once more') log.send({ type: 'ReservationExpired', data: { orderId, reservationId } });
  log.send({ type: 'OrderReleased', data: { ...order(), releasedAt: at() } });
  if (course.end === 'held once more')
    log.send({ type: 'ReservationRenewed', data: { orderId, reservationId, lines } });

  const first = lines.slice(0, 1);
  if (course.end === 'cancelled' || course.end === 'cut short') {
    const left = course.end === 'cut short' && lines.length > 1 ? first : [];
    if (left.length > 0) ship(left, false, idOf('s', number * 2));
    log.send({ type: 'OrderCancellationRequested', data: { ...order(), requestedAt: at() } });
    release(lines.slice(left.length), left, 'CANCELLATION_REQUESTED');
    if (left.length === 0) cancel('REQUESTED');
    else log.send({ type: 'OrderFulfilled', data: { ...order(), cancelledLines: [], fulfilledAt: at() } });
    credit(net, left.length === 0 ? 'ORDER_CANCELLED' : 'REMAINDER_CANCELLED');
    return refund(total.amountMinor);
  }
  if (course.end === 'shipped in parts' && lines.length > 1) {
    ship(first, false, idOf('s', number * 2));
    ship(lines.slice(1), true, idOf('s', number * 2 + 1));
  } else ship(lines, true, idOf('s', number * 2));
  log.send({ type: 'OrderFulfilled', data: { ...order(), cancelledLines: [], fulfilledAt: at() } });
  if (course.returned) {
    const { sku, warehouseId } = first[0] ?? { sku: '', warehouseId: '' };
    log.send({
      type: 'ReturnRecorded',
      data: {
        orderId,
        returnId: idOf('t', number),
        shipmentId: idOf('s', number * 2),
        warehouseId,
        lines: first.map(({ lineId, qty }) => ({ lineId, sku, qty })),
        credit: true,
        recordedAt: at(),
      },
    });
    move('RETURN', first, (qty) => qty);
    log.send({
      type: 'ReorderPointReached',
      data: { sku, warehouseId, reorderPoint: BigInt(number), free: 5n },
    });
  }
}
