import { describe, expect, it } from 'vitest';
import { framed, unframed } from './frame.ts';

describe('the frame', () => {
  it('is a zero byte and the id in four bytes, before the body', () => {
    expect([...framed(0x01020304, Buffer.of(9, 8))]).toEqual([0, 1, 2, 3, 4, 9, 8]);
  });

  it('gives back the schema id and the body', () => {
    expect(unframed(framed(77, Buffer.of(9)))).toEqual({ schemaId: 77, body: Buffer.of(9) });
  });

  it.each([
    ['no bytes', null],
    ['another magic byte', Buffer.of(1, 0, 0, 0, 1)],
    ['fewer than five bytes', Buffer.of(0, 0, 0, 1)],
  ])('is not found in a value that has %s', (_what, value) => {
    expect(unframed(value)).toBeUndefined();
  });
});
