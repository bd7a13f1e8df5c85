import { describe, expect, it } from 'vitest';
import { idSequence } from './ids.ts';

const NOW = new Date('2026-03-01T10:00:00.123Z');
const take = (next: () => string, count: number) => Array.from({ length: count }, () => next());

describe('ids of one command', () => {
  it('are UUIDs of version 7 that carry the instant', () => {
    const [id = ''] = take(idSequence(NOW).start(), 1);
    expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
    expect(Number.parseInt(id.replace('-', '').slice(0, 12), 16)).toBe(NOW.getTime());
  });

  it('are the same in each try, however many ids a try takes', () => {
    const ids = idSequence(NOW);
    const first = take(ids.start(), 3);
    const second = take(ids.start(), 5);
    expect(second.slice(0, 3)).toEqual(first);
    expect(take(ids.start(), 5)).toEqual(second);
  });

  it('are unique and sort in their order, for ten thousand of them', () => {
    const all = take(idSequence(NOW).start(), 10_000);
    expect(all).toEqual(all.toSorted());
    expect(new Set(all).size).toBe(10_000);
  });

  it('differ from the ids of another command of the same millisecond', () => {
    expect(take(idSequence(NOW).start(), 1)).not.toEqual(take(idSequence(NOW).start(), 1));
  });
});
