import { describe, expect, it } from 'vitest';
import { contract } from '@atlas/generated-inventory';

const createItem = contract.operations.find(({ id }) => id === 'createItem');

describe('the name of an item', () => {
  it.each([
    ['words in any language', 'Sechskantschraube M8 × 40 – ボルト 🔩', true],
    ['nothing', '', false],
    ['spaces alone', '   ', false],
    ['two lines', 'Bolt\nM8', false],
    ['NUL, which Postgres has no place for', 'Bolt\u0000', false],
    ['half of a surrogate pair, which is no UTF-8', 'Bolt\ud800', false],
    ['200 characters, of which some take two code units', '🔩'.repeat(200), true],
    ['201 characters', 'B'.repeat(201), false],
  ])('may be %s: %j is %s', (_what, name, fits) => {
    const errors = createItem?.body?.validate({ sku: 'BOLT', name, baseUnit: 'C62' });
    expect(errors === undefined).toBe(fits);
  });
});
