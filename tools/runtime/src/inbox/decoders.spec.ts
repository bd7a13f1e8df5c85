import { describe, expect, it } from 'vitest';
import { recordName } from './decoders.ts';

describe('the name of a record', () => {
  it.each([
    ['{"type":"record","name":"SeatSold","namespace":"tickets"}', 'tickets.SeatSold'],
    ['{"type":"record","name":"tickets.SeatSold","namespace":"other"}', 'tickets.SeatSold'],
    ['{"type":"record","name":"SeatSold"}', 'SeatSold'],
    ['{"type":"record","name":"SeatSold","namespace":""}', 'SeatSold'],
    ['"string"', undefined],
    ['no JSON', undefined],
  ])('of %s is %s', (text, name) => {
    expect(recordName(text)).toBe(name);
  });
});
