import { describe, expect, it } from 'vitest';
import { contract } from '../../test/bookings/contract.ts';
import { handlers } from '../../test/bookings/handlers.ts';
import { bind } from './handlersOf.ts';

describe('binding', () => {
  it('gives handlers by operation', () => {
    expect(Object.keys(bind(contract, handlers, {}).handlers)).toEqual([
      'bookSeats',
      'changeSeats',
      'getBooking',
      'closeShow',
    ]);
  });

  it('names every operation and consumer that nobody does', () => {
    const { closeShow: _closed, ...some } = handlers;
    const lacking = { ...contract, bindHandlers: () => some };
    expect(() => bind(lacking, handlers, {})).toThrow('no handler for closeShow');
  });
});
