import { expect, it } from 'vitest';
import { correlationIdOf } from './correlationId.ts';

it.each(['c-1', 'A'.repeat(64)])('a correlation id %s is taken over', (id) => {
  expect(correlationIdOf(id)).toBe(id);
});

it.each([undefined, '', 'a b', 'A'.repeat(65), 'a\nb', 'ä', ['a', 'b']])(
  'a correlation id %j is replaced by a new one',
  (id) => {
    expect(correlationIdOf(id)).toMatch(/^[0-9a-f-]{36}$/);
  },
);
