import { describe, expect, it } from 'vitest';
import { checkEmits } from './checkEmits.ts';

const events = (...names: string[]) => names.map((type) => ({ type, data: {} }));

describe('returned events', () => {
  it.each([
    [[['A', 'B']], ['A', 'B']],
    [[['A'], []], []],
    [[['A', 'B*']], ['A']],
    [[['A', 'B*']], ['A', 'B', 'B']],
    [[['A*', 'A']], ['A', 'A', 'A']],
    [[['A*', 'B*', 'C']], ['A', 'C']],
    [undefined, []],
  ])('%j allow %j', (allowed, names) => {
    expect(() => checkEmits(allowed, events(...names))).not.toThrow();
  });

  it.each([
    [[['A', 'B']], ['B', 'A'], 'returned events [B, A]; declared is [A, B]'],
    [[['A'], ['B']], ['A', 'B'], 'declared is [A] or [B]'],
    [[['A']], [], 'returned events []; declared is [A]'],
    [[['A', 'B*']], ['B'], 'declared is [A, B*]'],
    [[['A*', 'B']], ['A', 'B', 'A'], 'declared is [A*, B]'],
    [undefined, ['A'], 'declared is none'],
    [[[]], ['A'], 'returned events [A]; declared is []'],
  ])('%j refuse %j', (allowed, names, message) => {
    expect(() => checkEmits(allowed, events(...names))).toThrow(message);
  });

  it('may be left out where none are declared or none is an alternative', () => {
    expect(() => checkEmits(undefined, undefined)).not.toThrow();
    expect(() => checkEmits([[], ['A']], undefined)).not.toThrow();
    expect(() => checkEmits([['A']], undefined)).toThrow('declared is [A]');
  });
});
