import { describe, expect, it } from 'vitest';
import { aShipment, inEveryState } from '../../test/samples.ts';
import { view, viewFor } from './view.ts';

const every = inEveryState();

describe('the view of an order', () => {
  it.each([
    ['DRAFT', { what: 'PLACEMENT', by: 'ops' }],
    ['PLACED', { what: 'STOCK', by: 'inventory' }],
    ['AWAITING_APPROVAL', { what: 'APPROVAL', by: 'approver', until: '2026-12-01T09:30:00.000Z' }],
    ['AWAITING_PAYMENT', { what: 'INVOICE', by: 'billing', until: '2026-12-01T09:30:00.000Z' }],
    ['READY', { what: 'SHIPMENT', by: 'ops' }],
    ['PARTIALLY_FULFILLED', { what: 'SHIPMENT', by: 'ops' }],
    ['CANCELLING', { what: 'RELEASE', by: 'inventory' }],
  ] as const)('says what it waits for in %s', (state, waitsFor) => {
    const { detail, ...rest } = view(every[state]).waitsFor ?? {};
    expect(rest).toEqual(waitsFor);
    expect(detail).toMatch(/\.$/);
  });

  it.each(['FULFILLED', 'CANCELLED'] as const)('says that it waits for nothing in %s', (state) => {
    expect(view(every[state])).not.toHaveProperty('waitsFor');
  });

  it('names the invoice that has to be paid', () => {
    const invoice = { invoiceId: 'i-1', number: 'INV-1', dueDate: undefined, paidAt: undefined };
    expect(view({ ...every.AWAITING_PAYMENT, invoice })).toMatchObject({
      invoice: { invoiceId: 'i-1', number: 'INV-1' },
      waitsFor: { what: 'PAYMENT', by: 'payer', detail: 'Invoice INV-1 has to be paid.' },
    });
  });

  it('has at most the latest 200 shipments, because the contract has no more', () => {
    const shipments = Array.from({ length: 201 }, (_, index) => aShipment(BigInt(index)));
    const shown = view({ ...every.PARTIALLY_FULFILLED, shipments }).shipments;
    expect(shown).toHaveLength(200);
    expect(shown.at(-1)).toMatchObject({ lines: [{ qty: 4, net: { amountMinor: 494, currency: 'EUR' } }] });
  });
});

describe('an order that somebody reads', () => {
  const partly = { ...every.PARTIALLY_FULFILLED, shipments: [aShipment(4n)] };

  it.each(['ops', 'finance', 'approver'])('is seen completely by %s, also together with admin', (role) => {
    expect(viewFor(partly, [role])).toEqual(view(partly));
    expect(viewFor(partly, ['admin', role])).toEqual(view(partly));
  });

  it('shows everything to an admin except its customer and amounts', () => {
    const seen = viewFor(partly, ['admin']);
    expect(JSON.stringify(seen)).not.toMatch(/customerId|amountMinor|preciseAmount/);
    const { orderId, state, since, requesterId, digest, invoice } = view(partly);
    expect(seen).toMatchObject({ orderId, state, since, requesterId, digest, invoice });
    expect(seen.lines).toMatchObject(view(partly).lines.map(({ lineId, sku, qty }) => ({ lineId, sku, qty })));
    expect(seen.shipments).toMatchObject([{ lines: [{ qty: 4 }] }]);
  });
});
