import { describe, expect, it } from 'vitest';
import { camelCase, isCamelCase, pascalCase } from './names.ts';

describe('the names of operations and messages', () => {
  it('are turned into identifiers where possible', () => {
    expect(camelCase('Get-booking by_id')).toBe('getBookingById');
    expect(pascalCase('booking.made')).toBe('BookingMade');
    expect(camelCase('1st')).toBeUndefined();
  });

  it('must not be reserved words', () => {
    expect(['delete', 'await', 'arguments', 'getBooking'].filter(isCamelCase)).toEqual(['getBooking']);
  });
});
