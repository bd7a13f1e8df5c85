import { describe, expect, it } from 'vitest';
import { contract } from '@atlas/generated-inventory';

const createItem = contract.operations.find(({ id }) => id === 'createItem');

describe('the name of an item', () => {
  it.each([
    ['words of any language', 'Sechskantschraube M8 × 40 – ボルト 🔩', true],
    ['no characters', '', false],
    ['only spaces', '   ', false],
    ['two lines', 'Bolt\nM8', false],
    ['NUL, which Postgres cannot store', 'Bolt\u0000', false],
    ['half of a surrogate pair, which UTF-8 does not have', 'Bolt\ud800', false],
    ['a line separator', 'Bolt\u2028M8', false],
    ['a paragraph separator', 'Bolt\u2029M8', false],
    ['text that runs in the other direction', 'Bolt\u202e8M', false],
    ['a character that cannot be seen', '\u200b', false],
    ['only a letter that cannot be seen', '\u3164', false],
    ['a filler of Hangul', 'Bolt\u115f', false],
    ['another filler of Hangul', 'Bolt\u1160', false],
    ['a filler of half width', 'Bolt\uffa0', false],
    ['a joiner that cannot be seen', 'Bo\u034flt', false],
    ['only a blank of Braille', '\u2800', false],
    ['words in Braille', '⠃⠕⠇⠞⠀⠍', true],
    ['an emoji with its variation selector', '⚠\ufe0f Bolt ❤\ufe0f', true],
    ['text hidden in variation selectors', 'Bolt\ufe00\ufe01', false],
    ['only a variation selector', '\ufe0f', false],
    ['200 characters, some of two code units', '🔩'.repeat(200), true],
    ['201 characters', 'B'.repeat(201), false],
  ])('with %s: that %j is valid is %s', (_what, name, fits) => {
    const errors = createItem?.body?.validate({ sku: 'BOLT', name, baseUnit: 'C62' });
    expect(errors === undefined).toBe(fits);
  });
});

describe('the operations', () => {
  const rolesOf = ({ security }: (typeof contract.operations)[number]) =>
    security.flatMap(({ roles }) => roles).toSorted();

  it('may be called by exactly these roles', () => {
    expect(Object.fromEntries(contract.operations.map((operation) => [operation.id, rolesOf(operation)]))).toEqual({
      createItem: ['ops'],
      updateItem: ['ops'],
      getItem: ['admin', 'finance', 'ops'],
      createWarehouse: ['admin'],
      getWarehouse: ['admin', 'finance', 'ops'],
      recordReceipt: ['ops'],
      requestAdjustment: ['ops'],
      getAdjustment: ['approver', 'finance', 'ops'],
      getStockLevel: ['finance', 'ops'],
      getReorderPoint: ['finance', 'ops'],
      setReorderPoint: ['ops'],
      getReservation: ['finance', 'ops'],
      dispatchShipment: ['ops'],
      getShipment: ['finance', 'ops'],
      confirmDelivery: ['ops'],
      recordReturn: ['ops'],
      getReturn: ['finance', 'ops'],
    });
  });

  it('that change something require an Idempotency-Key or If-Match', () => {
    const changing = contract.operations.filter(({ method }) => method !== 'GET');
    expect(changing.filter(({ idempotency, ifMatch }) => !idempotency?.required && !ifMatch?.required)).toEqual([]);
  });
});

describe('a body', () => {
  const id = '0199f3a2-6f0a-7c51-9b61-2f1d5a0c9e11';
  const line = { lineId: id, qty: 1 };
  const shipment = { orderId: id, warehouseId: id, lines: [line] };
  const goodsReturn = { shipmentId: id, warehouseId: id, lines: [line], credit: true, reason: 'Because' };
  const adjustment = { sku: 'BOLT', warehouseId: id, expectedOnHand: 0, delta: -1, reason: 'Because' };
  const without = (body: object, member: string) =>
    Object.fromEntries(Object.entries(body).filter(([name]) => name !== member));

  /** The pointers at which the contract refuses a body. */
  const refused = (operationId: string, body: unknown) => {
    const operation = contract.operations.find((one) => one.id === operationId);
    if (!operation?.body) throw new Error(`${operationId} has no body`);
    return [...new Set((operation.body.validate(body) ?? []).map(({ pointer }) => pointer))];
  };

  it.each([
    ['dispatchShipment', shipment],
    ['recordReturn', goodsReturn],
    ['requestAdjustment', adjustment],
    ['setReorderPoint', { reorderPoint: null }],
    ['updateItem', { name: 'Bolt' }],
  ])('of %s fits', (operationId, body) => expect(refused(operationId, body)).toEqual([]));

  it.each([
    ['dispatchShipment', 'without lines', { ...shipment, lines: [] }, ['/lines']],
    ['dispatchShipment', 'with 201 lines', { ...shipment, lines: Array.from({ length: 201 }, () => line) }, ['/lines']],
    [
      'dispatchShipment',
      'that sends nothing of a line',
      { ...shipment, lines: [{ ...line, qty: 0 }] },
      ['/lines/0/qty'],
    ],
    ['dispatchShipment', 'that sends half a piece', { ...shipment, lines: [{ ...line, qty: 0.5 }] }, ['/lines/0/qty']],
    ['dispatchShipment', 'with a member that is not declared', { ...shipment, last: true }, ['/last']],
    [
      'recordReturn',
      'that brings less than nothing',
      { ...goodsReturn, lines: [{ ...line, qty: -1 }] },
      ['/lines/0/qty'],
    ],
    ['recordReturn', 'that does not say whether it is credited', without(goodsReturn, 'credit'), ['/credit']],
    ['requestAdjustment', 'without the stock it expects', without(adjustment, 'expectedOnHand'), ['/expectedOnHand']],
    ['requestAdjustment', 'with null for it', { ...adjustment, expectedOnHand: null }, ['/expectedOnHand']],
    ['requestAdjustment', 'that expects less than nothing', { ...adjustment, expectedOnHand: -1 }, ['/expectedOnHand']],
    ['requestAdjustment', 'with a reason of two lines', { ...adjustment, reason: 'a\nb' }, ['/reason']],
    ['requestAdjustment', 'that names its requester', { ...adjustment, requesterId: 'ops-2' }, ['/requesterId']],
    ['setReorderPoint', 'below zero', { reorderPoint: -1 }, ['/reorderPoint']],
    ['setReorderPoint', 'without the point', {}, ['/reorderPoint']],
    ['updateItem', 'that changes the unit', { name: 'Bolt', baseUnit: 'KGM' }, ['/baseUnit']],
    ['updateItem', 'that changes nothing', {}, ['/name']],
  ])('of %s %s is refused', (operationId, _what, body, pointers) => {
    expect(refused(operationId, body)).toEqual(pointers);
  });
});
