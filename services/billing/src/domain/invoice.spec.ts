import { describe, expect, it } from 'vitest';
import { LATER, inEveryState, opening } from '../../test/samples.ts';
import { close, opened } from './invoice.ts';

const every = inEveryState();

describe('the state table of invoice', () => {
  it.each([
    { state: 'OPEN', closed: 'CLOSED' },
    { state: 'CLOSED', closed: undefined },
  ] as const)('$state: closing gives $closed', ({ state, closed }) => {
    const closing = close(every[state], LATER);
    expect(closing.ok ? closing.closed.state : undefined).toBe(closed);
  });
});

describe('opening', () => {
  it('begins at version 1', () => {
    expect(opened(opening)).toEqual({ ...opening, state: 'OPEN', version: 1n });
  });
});

describe('closing', () => {
  it('raises the version by one and keeps how it began', () => {
    expect(close(every.OPEN, LATER)).toEqual({
      ok: true,
      closed: { ...every.OPEN, state: 'CLOSED', version: 2n, closedAt: LATER },
    });
  });

  it('twice is refused, with the state', () => {
    expect(close(every.CLOSED, LATER)).toMatchObject({ problem: { detail: 'it is CLOSED' } });
  });
});
