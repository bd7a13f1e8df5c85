import { describe, expect, it } from 'vitest';
import { limits } from './limits.ts';
import { ByteReader } from './reader.ts';
import { Writer } from './writer.ts';

const read = <Value>(hex: string, step: (r: ByteReader) => Value): Value =>
  step(new ByteReader(Buffer.from(hex, 'hex')));
const refusal = expect.objectContaining({ code: 'ATLAS_AVRO_DECODE' });

describe('a reader', () => {
  it.each<[string, string, (r: ByteReader) => unknown]>([
    ['an int of more than 32 bits', 'ffffffff1f', (r) => r.int()],
    ['an int that never ends', 'ffffffffffff', (r) => r.int()],
    ['a long of more than 64 bits', 'ffffffffffffffffff02', (r) => r.long()],
    ['a length below zero', '01', (r) => r.string()],
    ['a length beyond the body', '10616263', (r) => r.string()],
    ['bytes that end too early', '040102'.slice(0, 4), (r) => r.bytes()],
    ['a double of seven bytes', '00'.repeat(7), (r) => r.double()],
    ['a boolean that is 2', '02', (r) => r.boolean()],
    ['a branch that does not exist', '04', (r) => r.branch(2)],
    ['a branch below zero', '01', (r) => r.branch(2)],
    ['a symbol that does not exist', '04', (r) => r.enum(['A', 'B'])],
    ['a symbol below zero', '01', (r) => r.enum(['A', 'B'])],
    ['a text that is not UTF-8', '04c328', (r) => r.string()],
    ['half of a surrogate pair', '06eda080', (r) => r.string()],
    [
      'a UUID that lacks a dash',
      `48${Buffer.from('0190a6b0x0000-7000-8000-000000000001').toString('hex')}`,
      (r) => r.uuid(),
    ],
    [
      'a UUID with a letter beyond f',
      `48${Buffer.from('0190a6g0-0000-7000-8000-000000000001').toString('hex')}`,
      (r) => r.uuid(),
    ],
    ['a decimal of no bytes', '00', (r) => r.decimal(4, 2)],
    ['a decimal beyond its precision', '042710', (r) => r.decimal(4, 2)],
    ['a decimal of a megabyte', `80808001${'7f'.repeat(1024 * 1024)}`, (r) => r.decimal(10, 2)],
    ['an instant beyond the calendar', 'ffffffffffffffff7f', (r) => r.timestampMillis()],
    ['a date beyond the calendar', 'feffffff0f', (r) => r.date()],
    ['a block with a size below zero', '0301', (r) => r.array(1, (r) => r.int())],
    ['more items than the body has bytes', 'feffffffffffffff7f', (r) => r.array(1, (r) => r.int())],
    ['2^60 items of no bytes', 'feffffffffffffff1f00', (r) => r.array(0, (r) => r.null())],
  ])('refuses %s', (_, hex, step) => expect(() => read(hex, step)).toThrow(refusal));

  it('refuses a block at once if the body is too short for it', () => {
    expect(() => read('c801010203', (r) => r.array(1, (r) => r.int()))).toThrow('a block of 100 items');
  });

  it('counts items of no bytes in all blocks and lists of a body', () => {
    const block = new Writer();
    block.longNumber(limits.emptyItems / 2);
    const half = block.copy().toString('hex');
    expect(read(`${half}${half}00`, (r) => r.array(0, (r) => r.null()))).toHaveLength(limits.emptyItems);
    expect(() => read(`${half}${half}0200`, (r) => r.array(0, (r) => r.null()))).toThrow(refusal);
    expect(() => read(`${half}00${half}00${half}00`, (r) => [1, 2, 3].map(() => r.array(0, (r) => r.null())))).toThrow(
      refusal,
    );
  });

  it('reads blocks with and without their size in bytes', () => {
    expect(read('0402040602080a00', (r) => r.array(1, (r) => r.int()))).toEqual([1, 2, 1, 4, 5]);
    expect(read('0304020400', (r) => r.array(1, (r) => r.int()))).toEqual([1, 2]);
  });

  it('refuses bytes that are left over', () => {
    expect(() => read('0202', (r) => (r.int(), r.close()))).toThrow(refusal);
  });

  it('reads a map key __proto__ without changing the prototype', () => {
    const map = read(`0212${Buffer.from('__proto__').toString('hex')}0200`, (r) => r.map(1, (r) => r.int()));
    expect(Object.getPrototypeOf(map)).toBe(Object.prototype);
    expect(Object.entries(map)).toEqual([['__proto__', 1]]);
  });

  it('reads U+FFFD that was written on purpose', () => {
    expect(read('06efbfbd', (r) => r.string())).toBe('\ufffd');
  });

  it('reads any Uint8Array, even a part of a larger buffer, and returns copies', () => {
    const whole = Uint8Array.from([9, 9, 4, 1, 2, 9]);
    const bytes = new ByteReader(whole.subarray(2, 5)).bytes();
    whole.fill(0);
    expect([...bytes]).toEqual([1, 2]);
  });

  it('reads the same texts from small and large bodies', () => {
    const w = new Writer();
    const texts = ['', 'a', 'é', 'x'.repeat(64), 'x'.repeat(65), `${'x'.repeat(30)}ß`];
    for (const text of texts) w.string(text);
    const small = w.copy();
    const large = Buffer.concat([small, Buffer.alloc(10_000)]);
    for (const body of [small, large]) {
      const r = new ByteReader(body);
      expect(texts.map(() => r.string())).toEqual(texts);
    }
  });
});
