import { describe, expect, it } from 'vitest';
import { onSeatSold, seatSold } from '../../test/messaging/tickets.ts';
import { framed } from '../record/frame.ts';
import { Decoders, recordName } from './decoders.ts';

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

describe('a schema that the registry does not know', () => {
  const value = framed(7, seatSold.codec.encode({ showId: 'x', seat: 1 }));

  it('is asked for at most once per second, however many events have it, and is used as soon as it is there', async () => {
    let now = 5_000;
    let asked = 0;
    let isThere = false;
    const schemaOf = async () => {
      asked += 1;
      return isThere ? { text: seatSold.schema, references: [] } : undefined;
    };
    const decoders = new Decoders({ idOf: async () => undefined, schemaOf }, { monotonic: () => now });
    for (let n = 0; n < 5; n++) {
      await expect(decoders.decode(onSeatSold, value)).rejects.toMatchObject({ code: 'ATLAS_SCHEMA_UNKNOWN' });
      await expect(decoders.typeOf(value)).rejects.toMatchObject({ code: 'ATLAS_SCHEMA_UNKNOWN' });
    }
    expect(asked).toBe(1);
    isThere = true;
    now += 1_000;
    expect(await decoders.decode(onSeatSold, value)).toEqual({ showId: 'x', seat: 1 });
    expect(await decoders.typeOf(value)).toBe(seatSold.type);
  });

  it('is not asked for if its id is below zero, because no registry gives such an id', async () => {
    const schemaOf = () => Promise.reject(new Error('asked'));
    const decoders = new Decoders({ idOf: async () => undefined, schemaOf }, { monotonic: () => 0 });
    const wrong = framed(-1, value.subarray(5));
    await expect(decoders.decode(onSeatSold, wrong)).rejects.toMatchObject({ code: 'ATLAS_AVRO_DECODE' });
    expect(await decoders.typeOf(wrong)).toBeUndefined();
  });
});
