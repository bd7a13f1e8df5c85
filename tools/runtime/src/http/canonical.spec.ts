import { expect, it } from 'vitest';
import { canonical, digestOf } from './canonical.ts';

it('canonical JSON has sorted members and no blanks', () => {
  expect(canonical({ b: [1, { d: null, c: 'x' }], a: 1.0 })).toBe('{"a":1,"b":[1,{"c":"x","d":null}]}');
});

it.each([
  [['POST', '/a', { x: 1 }], ['POST', '/a', { x: 1 }], true],
  [['POST', '/a', { x: 1, y: 2 }], ['POST', '/a', { y: 2, x: 1 }], true],
  [['POST', '/a', { x: 1 }], ['PUT', '/a', { x: 1 }], false],
  [['POST', '/a', { x: 1 }], ['POST', '/a?q=1', { x: 1 }], false],
  [['POST', '/a', { x: 1 }], ['POST', '/a', { x: '1' }], false],
  [['POST', '/a', [1, 2]], ['POST', '/a', [2, 1]], false],
  [['POST', '/a', undefined], ['POST', '/a', null], false],
  [['POST', '/a', {}, '1'], ['POST', '/a', {}, '1'], true],
  [['POST', '/a', {}, '1'], ['POST', '/a', {}, '2'], false],
  [['POST', '/a', {}, '1'], ['POST', '/a', {}], false],
] as const)('the digests of %j and %j are equal: %s', (one, other, same) => {
  const digest = ([method, url, body, version]: readonly [string, string, unknown, string?]) =>
    digestOf(method, url, body, version === undefined ? undefined : BigInt(version));
  expect(Buffer.compare(digest(one), digest(other)) === 0).toBe(same);
});
