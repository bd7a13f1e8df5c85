import { describe, expect, it } from 'vitest';
import { contract } from '../../test/bookings/contract.ts';
import { handlers } from '../../test/bookings/handlers.ts';
import { reminders } from '../../test/timers/reminders.ts';
import { onSeatSold } from '../../test/messaging/tickets.ts';
import { checkHandlers } from './checkHandlers.ts';

const reading = { ...contract, consumers: [onSeatSold] };
const onSeat = async () => ({ events: [] });

describe('a table of handlers', () => {
  it('is accepted if each operation and each consumer has a handler', () => {
    expect(() => checkHandlers(reading, { handlers, consumers: { onSeatSold: onSeat } })).not.toThrow();
  });

  it('is refused with the names of all handlers that are missing', () => {
    const { closeShow: _close, getBooking: _get, ...some } = handlers;
    expect(() => checkHandlers(reading, { handlers: some, consumers: { onSeatSold: 'soon' } })).toThrow(
      'there is no handler for operation getBooking, operation closeShow, consumer onSeatSold',
    );
  });

  it('is refused if it is missing altogether', () => {
    expect(() => checkHandlers(reading, { handlers, consumers: undefined })).toThrow(
      'there is no handler for consumer onSeatSold',
    );
  });

  it('is refused with the names of the timers, and of the parts of effects, that have no handler', () => {
    const later = { ...contract, ...reminders };
    const effects = { chargeCard: { perform: onSeat } };
    expect(() => checkHandlers(later, { handlers, consumers: {}, timers: {}, effects })).toThrow(
      'there is no handler for timer holdExpiry, settle of effect chargeCard',
    );
  });

  it('does not include what every object inherits', () => {
    const [operation] = contract.operations;
    const named = operation ? [{ ...operation, id: 'toString' }] : [];
    expect(() => checkHandlers({ operations: named, consumers: [] }, { handlers: {}, consumers: {} })).toThrow(
      'operation toString',
    );
  });
});
