import { describe, expect, it } from 'vitest';
import { parkingKeyOf } from './delivery.ts';

const parkingKey = (key: Uint8Array | null, partition: number, offset: bigint): Uint8Array =>
  parkingKeyOf({ key, partition, offset });

describe('the key under which a record is parked', () => {
  it('is its own key, which is never confused with that of a record without a key', () => {
    const key = Buffer.from('show-1');
    expect(parkingKey(key, 0, 1n)).toBe(key);
    expect(parkingKey(null, 0, 1n)).toEqual(parkingKey(null, 0, 1n));
    expect(parkingKey(null, 0, 1n)).not.toEqual(parkingKey(null, 0, 2n));
    expect(parkingKey(null, 0, 1n)[0]).toBe(0xff);
  });

  it('fits into an index, however long its own key is', () => {
    const long = Buffer.alloc(100_000, 'a');
    expect(parkingKey(long, 0, 1n).byteLength).toBeLessThan(100);
    expect(parkingKey(long, 0, 1n)).toEqual(parkingKey(Buffer.from(long), 0, 2n));
    expect(parkingKey(long, 0, 1n)).not.toEqual(parkingKey(Buffer.concat([long, Buffer.of(1)]), 0, 1n));
  });
});
