import type { BodyOf } from './report.ts';

type Entry = BodyOf<'getOrderTimeline'>['entries'][number];

/** An entry in the picture. `along` is its place in time, in pixels; `lane` is the index of its service. */
export interface Point {
  readonly entry: Entry;
  /** Counted from 1, as in the table. */
  readonly number: number;
  readonly along: number;
  readonly lane: number;
  /** Seconds since the entry before it in the picture; 0 for the first. */
  readonly gap: number;
}

export interface Lanes {
  readonly lanes: readonly string[];
  readonly points: readonly Point[];
  /** Arrows from causes to effects. */
  readonly arrows: readonly { readonly from: Point; readonly to: Point }[];
  /** The length of the axis in pixels. */
  readonly length: number;
}

interface Scale {
  readonly base: number;
  readonly grow: number;
  readonly same?: number;
  /** The axis is stretched to this length, but at most to twice its own. */
  readonly atLeast?: number;
}

/** The space before the first entry and after the last one, because their names are wider than their dots. */
const EDGE = 44;

/** More points would be too small to distinguish. The table has all entries. */
export const MOST_POINTS = 60;

/**
 * Puts the last entries on an axis of time, in the order of the report. The distance of two entries is `base` pixels,
 * and `same` more in one lane. It grows with the logarithm of the time between them, so that seconds and days can both
 * be seen.
 */
export function swimlanes(
  entries: readonly Entry[],
  services: readonly string[],
  { base, grow, same = 0, atLeast = 0 }: Scale,
): Lanes {
  const first = Math.max(0, entries.length - MOST_POINTS);
  const shown = entries.slice(first);
  const lanes = [...new Set([...services, ...shown.map(({ service }) => service)])].filter((service) =>
    shown.some((entry) => entry.service === service),
  );
  const gaps = shown.map((entry, at) => {
    const before = shown[at - 1];
    // clocks of two services may differ, so an effect can seem earlier than its cause
    return before ? Math.max(0, (Date.parse(entry.at) - Date.parse(before.at)) / 1000) : 0;
  });
  const steps = gaps.map((gap, at) => {
    const isSame = shown[at]?.service === shown[at - 1]?.service;
    return base + (isSame ? same : 0) + grow * Math.log10(1 + gap);
  });
  const natural = steps.slice(1).reduce((sum, step) => sum + step, 0);
  const stretch = Math.max(1, Math.min(2, (atLeast - 2 * EDGE) / Math.max(1, natural)));
  let along = EDGE - (steps[0] ?? 0) * stretch;
  const points = shown.map((entry, at): Point => {
    along += (steps[at] ?? 0) * stretch;
    return { entry, number: first + at + 1, along, lane: lanes.indexOf(entry.service), gap: gaps[at] ?? 0 };
  });
  const byId = new Map(points.map((point) => [point.entry.eventId, point]));
  const arrows = points.flatMap((to) => {
    const from = to.entry.causedBy === undefined ? undefined : byId.get(to.entry.causedBy);
    return from && from !== to ? [{ from, to }] : [];
  });
  return { lanes, points, arrows, length: along + EDGE };
}
