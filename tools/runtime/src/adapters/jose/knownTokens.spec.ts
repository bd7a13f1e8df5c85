import { describe, expect, it } from 'vitest';
import { KnownTokens } from './knownTokens.ts';

const KIM = { id: 'kim', roles: [] };
const KEYS = {};
const at = (seconds: number): Date => new Date(seconds * 1_000);

/** A memory that knows one token, valid from second 100 to 200. */
function memory(): KnownTokens {
  const tokens = new KnownTokens({ most: 3, tolerance: 5 });
  tokens.keep('token', KEYS, { nbf: 100, exp: 200 }, KIM);
  return tokens;
}

describe('a token that was verified', () => {
  it.each([94, 95, 204, 205])('is known while it is valid, with a tolerance for clocks (second %i)', (now) => {
    expect(memory().find('token', KEYS, at(now))).toEqual(now === 95 || now === 204 ? KIM : undefined);
  });

  it('has to be verified again with other keys, or if the keys are old', () => {
    expect(memory().find('token', {}, at(150))).toBe(undefined);
    expect(memory().find('token', undefined, at(150))).toBe(undefined);
    expect(memory().find('other', KEYS, at(150))).toBe(undefined);
  });

  it('is forgotten after as many others were used as are kept', () => {
    const tokens = memory();
    const keep = (from: number, to: number): void => {
      for (let n = from; n < to; n++) tokens.keep(`token ${n}`, KEYS, { exp: 200 }, KIM);
    };
    keep(0, 2);
    expect(tokens.find('token', KEYS, at(150))).toBe(KIM);
    keep(2, 4);
    expect(tokens.find('token', KEYS, at(150))).toBe(KIM);
    keep(4, 7);
    expect(tokens.find('token', KEYS, at(150))).toBe(undefined);
  });
});
