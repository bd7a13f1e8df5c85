import { describe, expect, it } from 'vitest';
import { timelineEntries } from '../../test/timelineSample.ts';
import { MOST_POINTS, swimlanes } from './swimlanes.ts';

const SCALE = { base: 50, grow: 10 };
const SERVICES = ['orders', 'inventory', 'workflow', 'billing', 'silent'];

describe('swim lanes', () => {
  it('are the services that sent something, in the order of the report', () => {
    expect(swimlanes(timelineEntries(), SERVICES, SCALE).lanes).toEqual(['orders', 'inventory', 'workflow', 'billing']);
  });

  it('have a lane for a service that the report does not list', () => {
    expect(swimlanes(timelineEntries(), ['orders'], SCALE).lanes).toEqual([
      'orders',
      'inventory',
      'workflow',
      'billing',
    ]);
  });

  it('keep the order of the report, and give long waits more room', () => {
    const { points, length } = swimlanes(timelineEntries(), SERVICES, SCALE);
    const steps = points.slice(1).map((point, at) => point.along - (points[at]?.along ?? 0));
    expect(Math.min(...steps)).toBeGreaterThanOrEqual(SCALE.base);
    // No. 6 came two days after No. 5, and No. 5 three hours after No. 4
    expect(steps.indexOf(Math.max(...steps))).toBe(4);
    expect(steps[4]).toBeGreaterThan(steps[3] ?? 0);
    expect(length).toBeGreaterThan(points.at(-1)?.along ?? 0);
  });

  it('have an arrow from each cause in the picture', () => {
    const { arrows } = swimlanes(timelineEntries(), SERVICES, SCALE);
    expect(arrows.map(({ from, to }) => `${from.number}→${to.number}`)).toEqual([
      '1→2',
      '2→3',
      '3→4',
      '7→8',
      '8→9',
      '11→12',
      '13→14',
      '13→15',
    ]);
  });

  it('have no time below zero even if clocks differ', () => {
    const [first, second] = timelineEntries();
    if (!first || !second) throw new Error('there are two samples');
    const { points } = swimlanes([second, { ...first, at: '2020-01-01T00:00:00Z' }], SERVICES, SCALE);
    expect(points.map(({ gap }) => gap)).toEqual([0, 0]);
  });

  it('show the last entries if there are too many, under their own numbers', () => {
    const entries = Array.from({ length: 10 }, timelineEntries).flat();
    const { points } = swimlanes(entries, SERVICES, SCALE);
    expect(points).toHaveLength(MOST_POINTS);
    expect(points.at(-1)?.number).toBe(150);
    expect(points[0]?.number).toBe(150 - MOST_POINTS + 1);
  });

  it('have no points without entries', () => {
    expect(swimlanes([], SERVICES, SCALE)).toMatchObject({ lanes: [], points: [], arrows: [] });
  });
});
