import { describe, expect, it } from 'vitest';
import { Cookies } from './cookies.ts';

const secure = new Cookies('https://erp.example.org');
const plain = new Cookies('http://127.0.0.1:4010');

/** The header Cookie of a browser that has got these values of Set-Cookie. */
const sent = (...set: readonly string[]) => set.map((text) => text.split(';')[0]).join('; ');

describe('a cookie', () => {
  it('is kept from scripts, other sites, neighbours and plain http if browsers use https', () => {
    expect(secure.write('session', 'x')).toEqual(['__Host-atlas-session=1.x; Path=/; HttpOnly; Secure; SameSite=Lax']);
    expect(plain.write('login-1', 'x', 600)).toEqual([
      'atlas-login-1=1.x; Max-Age=600; Path=/; HttpOnly; SameSite=Lax',
    ]);
  });

  it('is read as it was written, in two pieces if it is long', () => {
    for (const length of [1, 3_800, 3_801, 7_600]) {
      const value = 'ab.-_'.repeat(length).slice(0, length);
      const set = secure.write('session', value);
      expect(set).toHaveLength(length > 3_800 ? 2 : 1);
      for (const text of set) expect(Buffer.byteLength(text)).toBeLessThan(4_096);
      expect(secure.read(sent('other=1', ...set.toReversed()), 'session')).toBe(value);
    }
  });

  it('is refused if it is too long for a browser', () => {
    expect(() => secure.write('session', 'a'.repeat(7_601))).toThrow(RangeError);
  });

  it('that is shorter than the one before removes the rest of that one', () => {
    const before = secure.write('session', 'a'.repeat(5_000));
    const [after = ''] = secure.write('session', 'b');
    expect(secure.read(sent(after, ...before.slice(1)), 'session')).toBe('b');
  });

  it.each([
    ['nothing', undefined],
    ['another name', 'atlas-sessions=1.x'],
    ['no prefix', 'atlas-session=1.x'],
    ['one piece of two', '__Host-atlas-session=2.x'],
    ['no number of pieces', '__Host-atlas-session=x'],
    ['a name of Object', '__proto__=1.x; toString=1.x'],
  ])('is not there in %s', (_what, header) => {
    expect(secure.read(header, 'session')).toBeUndefined();
  });

  it('is removed with all of its pieces, and no other is', () => {
    const header = sent(...secure.write('session', 'a'.repeat(5_000)), ...secure.write('login-1', 'x'), 'other=1');
    expect(secure.remove(header, 'session').map((text) => text.split(';').slice(0, 2))).toEqual([
      ['__Host-atlas-session=', ' Max-Age=0'],
      ['__Host-atlas-session-1=', ' Max-Age=0'],
    ]);
  });
});
