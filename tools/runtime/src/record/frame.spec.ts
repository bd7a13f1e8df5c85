import { describe, expect, it } from 'vitest';
import { framed, unframed } from './frame.ts';

describe('the frame', () => {
  it('is a zero and four bytes of the id before the body', () => {
    expect([...framed(0x01020304, Buffer.of(9, 8))]).toEqual([0, 1, 2, 3, 4, 9, 8]);
  });

  it('comes off again', () => {
    expect(unframed(framed(77, Buffer.of(9)))).toEqual({ schemaId: 77, body: Buffer.of(9) });
  });

  it.each([
    ['nothing', null],
    ['another magic byte', Buffer.of(1, 0, 0, 0, 1)],
    ['fewer than five bytes', Buffer.of(0, 0, 0, 1)],
  ])('is not seen in %s', (_what, value) => {
    expect(unframed(value)).toBeUndefined();
  });
});
