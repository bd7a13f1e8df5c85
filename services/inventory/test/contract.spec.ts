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

  it('that change what is there want an Idempotency-Key or If-Match', () => {
    const changing = contract.operations.filter(({ method }) => method !== 'GET');
    expect(changing.filter(({ idempotency, ifMatch }) => !idempotency?.required && !ifMatch?.required)).toEqual([]);
  });
});
