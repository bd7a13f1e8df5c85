import { randomBytes } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { Sealer } from './sealer.ts';

const [one, other] = [randomBytes(32), randomBytes(32)];
const sealer = new Sealer([one]);
const soon = () => Date.now() + 60_000;

describe('something sealed', () => {
  it('is opened by a gateway with the same key, for the same purpose', async () => {
    const sealed = await sealer.seal('session', { sub: 'kim' }, soon());
    expect(sealed).not.toContain('kim');
    expect(await new Sealer([one]).open('session', sealed)).toMatchObject({ sub: 'kim' });
    expect(await sealer.open('login', sealed)).toBeUndefined();
    expect(await new Sealer([other]).open('session', sealed)).toBeUndefined();
  });

  it('is opened while a new key is being introduced, and no longer once the old key is removed', async () => {
    const sealed = await sealer.seal('session', {}, soon());
    expect(await new Sealer([other, one]).open('session', sealed)).toBeDefined();
    expect(await new Sealer([one]).open('session', await new Sealer([other, one]).seal('session', {}, soon()))).toBe(
      undefined,
    );
  });

  it('is not opened after its time', async () => {
    expect(await sealer.open('session', await sealer.seal('session', {}, Date.now() - 1_000))).toBeUndefined();
  });

  it('is not opened if any part of it has changed', async () => {
    const sealed = await sealer.seal('login', { state: 'a' }, soon());
    const parts = sealed.split('.').map((part) => Buffer.from(part, 'base64url'));
    for (const [place, part] of parts.entries())
      for (const index of part.keys()) {
        const changed = Buffer.from(part);
        changed[index] = (part[index] ?? 0) ^ 1;
        const text = parts
          .with(place, changed)
          .map((bytes) => bytes.toString('base64url'))
          .join('.');
        expect(await sealer.open('login', text), `${place}, ${index}`).toBeUndefined();
      }
  });

  it.each(['', 'x', '....', 'eyJhbGciOiJub25lIn0.e30.', 'a.b.c.d.e'])('is not %j', async (text) => {
    expect(await sealer.open('session', text)).toBeUndefined();
  });
});
