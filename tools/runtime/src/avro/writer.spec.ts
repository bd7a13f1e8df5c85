import { describe, expect, it } from 'vitest';
import { Misfit } from './misfit.ts';
import { ByteReader } from './reader.ts';
import { Writer } from './writer.ts';

const hex = (step: (w: Writer) => void): string => {
  const w = new Writer(1);
  step(w);
  return w.copy().toString('hex');
};

describe('a writer', () => {
  it.each<[string, (w: Writer) => void, string]>([
    ['zero', (w) => w.long(0n), '00'],
    ['the smallest long', (w) => w.long(-(2n ** 63n)), 'ffffffffffffffffff01'],
    ['the largest long', (w) => w.long(2n ** 63n - 1n), 'feffffffffffffffff01'],
    ['2^53 in as few bytes as possible', (w) => w.long(2n ** 53n), '8080808080808020'],
    ['the smallest int', (w) => w.int(-(2 ** 31)), 'ffffffff0f'],
    ['the earliest instant of a Date', (w) => w.timestampMillis(new Date(-8.64e15)), 'ffffdfad9882d91e'],
    ['a negative decimal', (w) => w.decimal('-1.28', 5, 2), '0280'],
    ['a decimal that needs a byte for its sign', (w) => w.decimal('1.28', 5, 2), '040080'],
    ['a decimal with redundant zeros', (w) => w.decimal('001.2000', 3, 2), '0278'],
    ['minus zero', (w) => w.decimal('-0', 3, 2), '0200'],
    ['a date before 1970', (w) => w.date('1969-12-31'), '01'],
    ['a leap day', (w) => w.date('2024-02-29'), '8cb502'],
    [
      'a UUID in 16 bytes',
      (w) => w.uuidFixed('00112233-4455-6677-8899-AABBCCDDEEFF'),
      '00112233445566778899aabbccddeeff',
    ],
    ['an empty list', (w) => w.array([], (w, item: number) => w.int(item)), '00'],
    ['a map', (w) => w.map({ a: 1 }, (w, item) => w.int(item)), '0202610200'],
  ])('writes %s', (_, step, expected) => expect(hex(step)).toBe(expected));

  it.each<[string, (w: Writer) => void, string]>([
    ['a fraction as an int', (w) => w.int(1.5), 'is 1.5, not a whole number of 32 bits'],
    ['2^31 as an int', (w) => w.int(2 ** 31), 'is 2147483648, not'],
    ['NaN as an int', (w) => w.int(Number.NaN), 'is NaN, not'],
    ['2^63 as a long', (w) => w.long(2n ** 63n), 'is 9223372036854775808n, not a whole number of 64 bits'],
    ['half of a surrogate pair', (w) => w.string('a\ud800'), 'not well-formed Unicode'],
    ['a text that is too short as a UUID', (w) => w.uuid('0190a6b0-0000-7000-8000-00000000000'), 'not a UUID'],
    ['a letter whose low byte is a digit', (w) => w.uuid('0190a6b0-0000-7000-8000-00000000000\u0131'), 'not a UUID'],
    [
      'a letter that the end of the buffer cuts off',
      () => new Writer(37).uuid('0190a6b0-0000-7000-8000-0000000000é0'),
      'not a',
    ],
    ['a day that does not exist', (w) => w.date('2023-02-29'), 'is "2023-02-29", not a date'],
    ['a date with a time', (w) => w.date('2023-02-28T00:00:00Z'), 'not a date'],
    ['an invalid Date', (w) => w.timestampMillis(new Date('x')), 'is an invalid date'],
    ['a decimal with digits beyond its scale', (w) => w.decimal('1.005', 5, 2), 'not a decimal of scale 2'],
    ['a decimal beyond its precision', (w) => w.decimal('1000.00', 5, 2), 'not a decimal of 5 digits'],
    ['a number in scientific notation', (w) => w.decimal('1e3', 5, 2), 'not a decimal such as'],
    ['bytes of another length', (w) => w.fixed(new Uint8Array(3), 2), 'is 3 bytes, not 2 bytes'],
    ['a symbol that does not exist', (w) => w.enum<string>('C', ['A', 'B']), 'is "C", not one of A, B'],
    ['a value that fits no branch', (w) => w.noBranch(true), 'is true, not of any branch'],
  ])('refuses %s', (_, step, message) => {
    const w = new Writer();
    expect(() => step(w)).toThrow(Misfit);
    expect(() => step(w)).toThrow(message);
  });

  it('grows as needed and writes bytes that a reader reads back', () => {
    const w = new Writer(1);
    const texts = ['x'.repeat(5000), 'é'.repeat(31), 'é'.repeat(32), '€'.repeat(2800), '€'.repeat(3000), '😀'];
    for (const text of texts) w.string(text);
    const r = new ByteReader(w.copy());
    expect(texts.map(() => r.string())).toEqual(texts);
  });
});
