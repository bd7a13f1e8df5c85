import { describe, expect, it } from 'vitest';
import { briefly, counted, duration, instant, key, major, money, sentence } from './format.ts';

describe('a duration', () => {
  it.each([
    [0, '0 s'],
    [0.0004, '0 s'],
    [0.004, '4 ms'],
    [0.9994, '999 ms'],
    [0.9996, '1 s'],
    [4.24, '4.2 s'],
    [9.96, '10 s'],
    [59.4, '59 s'],
    [59.6, '1 min'],
    [185, '3 min 5 s'],
    [7800, '2 h 10 min'],
    [86_399.7, '1 day'],
    [183_600, '2 days 3 h'],
    [1e9, '11,574 days 1 h'],
  ])('of %d seconds is "%s"', (seconds, text) => {
    expect(duration(seconds)).toBe(text);
  });
});

describe('a duration in a picture', () => {
  it('has one unit', () => {
    expect([briefly(183_600), briefly(0.21), briefly(3600)]).toEqual(['2 days', '210 ms', '1 h']);
  });
});

describe('an amount', () => {
  it.each([
    [123_450, 'EUR', '1,234.50 EUR'],
    [5, 'EUR', '0.05 EUR'],
    [-5, 'EUR', '−0.05 EUR'],
    [1234, 'JPY', '1,234 JPY'],
    [1, 'KWD', '0.001 KWD'],
    [0, 'CLF', '0.0000 CLF'],
    [Number.MAX_SAFE_INTEGER, 'EUR', '90,071,992,547,409.91 EUR'],
  ])('of %d in %s is "%s"', (minor, currency, text) => {
    expect(money(minor, currency)).toBe(text);
  });

  it('is a number of major units for a bar', () => {
    expect([major(1250, 'EUR'), major(1250, 'JPY'), major(1250, 'KWD')]).toEqual([12.5, 1250, 1.25]);
  });
});

describe('a time', () => {
  it('is in UTC, and for machines too', () => {
    expect(instant('2026-11-26T01:02:03.456789+02:00').toString()).toBe(
      '<time datetime="2026-11-25T23:02:03.456Z">25 Nov 2026, 23:02:03</time>',
    );
  });
});

describe('a name of the contracts', () => {
  it.each([
    ['AWAITING_APPROVAL', 'Awaiting approval'],
    ['OrderShipmentRecorded', 'Order shipment recorded'],
    ['orders', 'Orders'],
    ['', ''],
  ])('%s is read as "%s"', (name, text) => {
    expect(sentence(name)).toBe(text);
  });
});

describe('an id', () => {
  it('is short if it is a UUID, and can be read in full', () => {
    expect(key('0199f3a2-6f0a-7c51-9b61-2f1d5a0c9e11').toString()).toBe(
      '<span class="key" title="0199f3a2-6f0a-7c51-9b61-2f1d5a0c9e11">0199f3a2…0c9e11</span>',
    );
  });
});

describe('a count with its noun', () => {
  it('is in the singular for one only', () => {
    expect([counted(0, 'order'), counted(1, 'order'), counted(1234, 'order')]).toEqual([
      '0 orders',
      '1 order',
      '1,234 orders',
    ]);
  });
});
