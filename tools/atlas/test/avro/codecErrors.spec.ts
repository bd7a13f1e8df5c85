import { afterAll, describe, expect, it } from 'vitest';
import { codecFolder } from './codecModule.ts';

const folder = codecFolder();
afterAll(() => folder[Symbol.dispose]());

const SEAT = {
  type: 'record',
  name: 'n.Seat',
  fields: [
    { name: 'row', type: 'string' },
    { name: 'number', type: 'int' },
  ],
};
const booking = folder.load({
  type: 'record',
  name: 'n.Booking',
  fields: [
    { name: 'id', type: { type: 'string', logicalType: 'uuid' } },
    { name: 'seats', type: { type: 'array', items: SEAT } },
    { name: 'guests', type: { type: 'map', values: ['null', 'n.Seat'] } },
    { name: 'price', type: { type: 'bytes', logicalType: 'decimal', precision: 6, scale: 2 } },
    { name: 'note', type: ['null', 'string'] },
    { name: 'who', type: ['string', { type: 'enum', name: 'n.Desk', symbols: ['WEB'] }, 'null'] },
    { name: 'next', type: ['null', 'n.Booking'] },
    { name: 'nothing', type: { type: 'record', name: 'n.Nothing', fields: [] } },
  ],
});
const good = {
  id: '0190a6b0-0000-7000-8000-000000000001',
  seats: [{ row: 'A', number: 1 }],
  guests: { ann: { row: 'B', number: 2 }, bob: null },
  price: '12.50',
  note: null,
  who: { type: 'n.Desk', value: 'WEB' },
  next: null,
  nothing: {},
};

describe('the encoder', () => {
  it.each<[string, unknown, string]>([
    ['a missing field', { ...good, id: undefined }, 'n.Booking: id is undefined, not a UUID'],
    [
      'a field of an item',
      { ...good, seats: [good.seats[0], { row: 'A', number: '2' }] },
      'seats[1].number is "2", not a whole number of 32 bits',
    ],
    ['a value of a map', { ...good, guests: { ann: { row: 5, number: 2 } } }, 'guests["ann"].row is 5, not a text'],
    ['a value that is not a list', { ...good, seats: {} }, 'seats is an object, not a list'],
    ['a value that is not a map', { ...good, guests: [] }, 'guests is a list, not an object'],
    ['an item that is not an object', { ...good, seats: [null] }, 'seats[0] is null, not an object'],
    ['undefined where null is allowed', { ...good, note: undefined }, 'note is undefined, not a text'],
    [
      'an unknown branch',
      { ...good, who: { type: 'n.Other', value: 'WEB' } },
      'who is "n.Other", not one of string, n.Desk, null',
    ],
    ['a branch without its tag', { ...good, who: 'WEB' }, 'who is "WEB", not { type, value }'],
    [
      'a branch with an unknown symbol',
      { ...good, who: { type: 'n.Desk', value: 'PHONE' } },
      'who.value is "PHONE", not one of WEB',
    ],
    ['a decimal that is a number', { ...good, price: 12.5 }, 'price is 12.5, not a decimal'],
    ['a number for a record without fields', { ...good, nothing: 3 }, 'nothing is 3, not an object'],
    ['a list in place of the data', [], 'id is undefined'],
    ['undefined for the whole data', undefined, 'n.Booking: the data is undefined, not an object'],
  ])('names the path of %s', async (_, data, message) => {
    const codec = await booking;
    expect(() => codec.encode(data)).toThrow(
      expect.objectContaining({ code: 'ATLAS_AVRO_ENCODE', message: expect.stringContaining(message) }),
    );
  });

  it('refuses a value that contains itself', async () => {
    const codec = await booking;
    const endless = { ...good };
    Object.assign(endless, { next: endless });
    expect(() => codec.encode(endless)).toThrow(expect.objectContaining({ code: 'ATLAS_AVRO_ENCODE' }));
  });

  it('works after an error', async () => {
    const codec = await booking;
    expect(() => codec.encode({ ...good, price: 'x' })).toThrow('price');
    expect(codec.decode(codec.encode(good))).toEqual(good);
  });

  it('may be called by a getter of the value that it writes', async () => {
    const codec = await booking;
    const inner = codec.encode(good);
    const data = {
      ...good,
      get note() {
        codec.encode(good);
        return 'x';
      },
    };
    expect(codec.decode(codec.encode(data))).toEqual({ ...good, note: 'x' });
    expect(codec.encode(good)).toEqual(inner);
  });
});

describe('the decoder', () => {
  it('refuses bytes that are left over, even when it resolves another schema', async () => {
    const codec = await booking;
    const body = Buffer.concat([codec.encode(good), Buffer.from([0])]);
    const other = codec.schema.replace('"n.Nothing"', '"n.Nothing","doc":"Other."');
    expect(codec.resolver(other)(codec.encode(good))).toEqual(good);
    for (const decode of [(bytes: Uint8Array) => codec.decode(bytes), codec.resolver(other)])
      expect(() => decode(body)).toThrow(expect.objectContaining({ message: expect.stringContaining('left over') }));
  });

  it('refuses deep recursion before the stack overflows', async () => {
    const codec = await booking;
    const one = Buffer.from(codec.encode(good));
    const head = one.subarray(0, one.length - 1);
    expect(() =>
      codec.decode(
        Buffer.concat([...Array.from({ length: 100_000 }, () => Buffer.concat([head, Buffer.from([2])])), one]),
      ),
    ).toThrow(expect.objectContaining({ code: 'ATLAS_AVRO_DECODE' }));
  });
});
