import { expect, it } from 'vitest';
import { traceparentOf } from './traceparent.ts';

it('a trace parent is taken over if it is a valid one', () => {
  const trace = '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01';
  expect(traceparentOf(trace)).toBe(trace);
  for (const other of [undefined, `${trace}x`, trace.toUpperCase(), `00-${'0'.repeat(32)}-00f067aa0ba902b7-01`])
    expect(traceparentOf(other)).toBeNull();
});
