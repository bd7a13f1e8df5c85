import { describe, expect, it } from 'vitest';
import { NOW, aLevel } from '../../test/samples.ts';
import { receive } from './receive.ts';
import { MAX_QUANTITY } from './stock.ts';

const movementId = '0199f3a2-6f0a-7c51-9b61-2f1d5a0c9e55';
const made = { newId: () => movementId, now: NOW };

describe('a receipt', () => {
  it('raises what is on hand by one movement, and what is reserved stays the same', () => {
    expect(receive(aLevel({ reserved: 3n }), 5n, made)).toMatchObject({
      ok: true,
      movement: { movementId, kind: 'RECEIPT', delta: 5n, onHandAfter: 15n, reservedAfter: 3n, recordedAt: NOW },
    });
  });

  it('may raise the stock to 2^53 - 1, but not above', () => {
    const level = aLevel({ onHand: MAX_QUANTITY - 1n });
    expect(receive(level, 1n, made)).toMatchObject({ ok: true });
    expect(receive(level, 2n, made)).toMatchObject({ ok: false, problem: { code: 'stock-too-large' } });
  });
});
