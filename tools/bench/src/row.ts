import type { BeforeRound, Comparison } from './measure.ts';

/** The unit of a row. Less is better, except for events/s. */
export type Unit = 'ms' | 'µs' | 'ns' | 'MB' | 'events/s' | 'orders/s';

/** The result of one workload. A row with several workloads, such as encode and decode, gives several. */
export interface Measured {
  readonly title: string;
  readonly unit: Unit;
  readonly comparison: Comparison;
  /** What the figure includes and what it does not. */
  readonly note: string;
}

/** A benchmark. It throws `NotMeasurable` if something that it needs is missing. */
export interface Row {
  readonly id: string;
  readonly about: string;
  readonly needsStack?: true;
  readonly run: (measuring: (what: string) => BeforeRound) => Promise<readonly Measured[]>;
}

export class NotMeasurable extends Error {}
