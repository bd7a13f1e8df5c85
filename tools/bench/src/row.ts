import type { BeforeRound, Comparison } from './measure.ts';

/** What a row measures in, and which way is better. */
export type Unit = 'ms' | 'µs' | 'ns' | 'events/s';

/** A finished row of the table. A row with several workloads (encode, decode) gives one of these each. */
export interface Measured {
  readonly title: string;
  readonly unit: Unit;
  readonly comparison: Comparison;
  /** What is in the figure and what is not. */
  readonly note: string;
}

/** A benchmark. It throws `NotMeasurable` where something it needs is missing, and the table says so. */
export interface Row {
  readonly id: string;
  readonly about: string;
  readonly needsStack?: true;
  readonly run: (measuring: (what: string) => BeforeRound) => Promise<readonly Measured[]>;
}

export class NotMeasurable extends Error {}
