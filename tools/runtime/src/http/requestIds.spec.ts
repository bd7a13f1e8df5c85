import { expect, it } from 'vitest';
import { correlationIdOf, traceparentOf } from './requestIds.ts';

it.each(['c-1', 'A'.repeat(64)])('takes over %s', (id) => {
  expect(correlationIdOf(id)).toBe(id);
});

it.each([undefined, '', 'a b', 'A'.repeat(65), 'a\nb', 'ä', ['a', 'b']])('makes a new one for %j', (id) => {
  expect(correlationIdOf(id)).toMatch(/^[0-9a-f-]{36}$/);
});

it('takes over a trace that is one', () => {
  const trace = '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01';
  expect(traceparentOf(trace)).toBe(trace);
  for (const other of [undefined, `${trace}x`, trace.toUpperCase(), `00-${'0'.repeat(32)}-00f067aa0ba902b7-01`])
    expect(traceparentOf(other)).toBeNull();
});
