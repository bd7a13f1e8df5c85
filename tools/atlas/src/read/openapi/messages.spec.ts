import { expect, it } from 'vitest';
import { isJson } from './messages.ts';

it.each([
  ['application/json', true],
  ['application/problem+json', true],
  ['application/vnd.acme.v1+json', true],
  ['application/json; charset=utf-8', false],
  ['text/json', false],
  ['application/xml', false],
])('the media type %s counts as JSON: %j', (type, is) => expect(isJson(type)).toBe(is));
