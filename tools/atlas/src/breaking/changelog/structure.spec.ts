import type { JsonValue } from '@atlas/ir';
import { describe, expect, it } from 'vitest';
import { differences } from './structure.ts';
import { said } from './words.ts';

function lines(old: JsonValue, next: JsonValue): readonly string[] {
  return [...differences(old, next)].map(
    ({ kind, old: before, new: after }) => `${kind} ${before?.pointer ?? '-'} ${after?.pointer ?? '-'}`,
  );
}

describe('the differences of two documents', () => {
  it.each<[string, JsonValue, JsonValue, readonly string[]]>([
    ['none for another order of keys', { a: 1, b: [1] }, { b: [1], a: 1 }, []],
    ['none for another order of named items', [{ name: 'a' }, { name: 'b' }], [{ name: 'b' }, { name: 'a' }], []],
    ['a member that was added', { a: 1 }, { a: 1, 'b/c': null }, ['added - /b~1c']],
    ['a member that is gone', { a: { b: 1 } }, { a: {} }, ['removed /a/b -']],
    ['a value', { a: { b: 1 } }, { a: { b: '1' } }, ['changed /a/b /a/b']],
    ['an item of an enum', ['HELD', 'PAID'], ['PAID', 'GONE'], ['removed /0 -', 'added - /1']],
    [
      'a parameter in another place of the list',
      [{ name: 'a', in: 'query', required: true }],
      [
        { name: 'a', in: 'header' },
        { name: 'a', in: 'query', required: false },
      ],
      ['changed /0/required /1/required', 'added - /0'],
    ],
    ['another kind of value', { a: [] }, { a: {} }, ['changed /a /a']],
    ['items with one name', [{ name: 'a' }, { name: 'a', b: 1 }], [{ name: 'a' }, { name: 'a' }], ['removed /1/b -']],
  ])('are %s', (_, old, next, expected) => {
    expect(lines(old, next)).toEqual(expected);
  });
});

describe('a pointer in words', () => {
  const document: JsonValue = {
    paths: { '/bookings': { get: { parameters: [{ name: 'limit', in: 'query' }] } } },
    components: { schemas: { Booking: { properties: { description: { enum: ['A'] } } } } },
  };

  it.each([
    ['/paths/~1bookings/get/parameters/0/schema/maximum', 'GET /bookings: parameter limit · maximum', false],
    ['/paths/~1bookings/get/description', 'GET /bookings: description', true],
    ['/paths/~1bookings', '/bookings: ', false],
    ['/components/schemas/Booking/properties/description', 'schema Booking: property description', false],
    [
      '/components/schemas/Booking/properties/description/enum/0',
      'schema Booking: property description · enum "A"',
      false,
    ],
    ['/components/schemas/Booking/description', 'schema Booking: description', true],
    ['/info/version', 'a.yaml: info · version', true],
  ])('%s is %s', (pointer, words, isWords) => {
    const { subject, what, isWords: found } = said(document, pointer, 'a.yaml');
    expect([`${subject}: ${what}`, found]).toEqual([words, isWords]);
  });
});
