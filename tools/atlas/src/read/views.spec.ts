import { describe, expect, it } from 'vitest';
import { suggest } from '../document/suggest.ts';
import { camelCase, isCamelCase, pascalCase } from '../check/names.ts';
import { parseKey } from './extensions/key.ts';
import { isJson } from './openapi/media.ts';
import { durationMs } from './extensions/retry.ts';

describe('x-atlas-key', () => {
  it('is a field', () => {
    expect(parseKey('$message.payload#/a/b~1c')).toEqual({ parts: [{ kind: 'field', path: ['a', 'b/c'] }] });
  });

  it('is a template of fields and text', () => {
    expect(parseKey('x-{$message.payload#/a}:{$message.payload#/b}')).toEqual({
      parts: [
        { kind: 'text', text: 'x-' },
        { kind: 'field', path: ['a'] },
        { kind: 'text', text: ':' },
        { kind: 'field', path: ['b'] },
      ],
    });
  });

  it.each([
    '',
    'a',
    '$message.payload#',
    '$message.payload#/',
    '$message.header#/a',
    '{a}',
    'x{$message.payload#/a',
    '}{$message.payload#/a}',
    '{$message.payload#/a}}',
  ])('is not %j', (text) => expect(parseKey(text)).toBeUndefined());
});

it.each([
  ['200ms', 200],
  ['30s', 30_000],
  ['5m', 300_000],
  ['24h', 86_400_000],
  ['25h', undefined],
  ['0s', undefined],
  ['1.5s', undefined],
  ['-1s', undefined],
  ['5', undefined],
  ['', undefined],
  [undefined, undefined],
])('duration %j is %j', (text, ms) => expect(durationMs(text)).toBe(ms));

it.each([
  ['application/json', true],
  ['application/problem+json', true],
  ['application/vnd.acme.v1+json', true],
  ['application/json; charset=utf-8', false],
  ['text/json', false],
  ['application/xml', false],
])('%s is JSON: %j', (type, is) => expect(isJson(type)).toBe(is));

describe('names', () => {
  it('become identifiers where they can', () => {
    expect(camelCase('Get-booking by_id')).toBe('getBookingById');
    expect(pascalCase('booking.made')).toBe('BookingMade');
    expect(camelCase('1st')).toBeUndefined();
  });

  it('refuses reserved words', () => {
    expect(['delete', 'await', 'arguments', 'getBooking'].filter(isCamelCase)).toEqual(['getBooking']);
  });
});

it('suggests the nearest name and nothing far-fetched', () => {
  const names = ['string', 'integer', 'object'];
  expect(suggest('sting', names)).toBe('string');
  expect(suggest('stirng', names)).toBe('string');
  expect(suggest('boolean', names)).toBeUndefined();
});
