import { expect, it } from 'vitest';
import { correlationIdOf } from './correlationId.ts';

it.each(['c-1', 'A'.repeat(64)])('takes over %s', (id) => {
  expect(correlationIdOf(id)).toBe(id);
});

it.each([undefined, '', 'a b', 'A'.repeat(65), 'a\nb', 'ä', ['a', 'b']])('makes a new one for %j', (id) => {
  expect(correlationIdOf(id)).toMatch(/^[0-9a-f-]{36}$/);
});
