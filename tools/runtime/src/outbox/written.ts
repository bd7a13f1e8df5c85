import type { TimerRow } from '../timers/changes.ts';
import type { OutboxRecord } from './record.ts';

/** The work that a transaction has left for others, so that only those with something to do are woken. */
export interface Written {
  /** Events or dead letters to publish. */
  readonly events: boolean;
  /** Timers that were set. */
  readonly timers: boolean;
  /** Effects that were started. */
  readonly effects: boolean;
}

/** Called after the commit, to wake those that have work. */
export type Wake = (written: Written) => void;

export const ONLY_EVENTS: Written = { events: true, timers: false, effects: false };

/** A timer that was only cancelled leaves nothing to do. */
export function writtenOf(records: readonly OutboxRecord[], changes: readonly TimerRow[]): Written {
  const left = (kind: TimerRow['kind']): boolean => changes.some((row) => row.kind === kind && row.body !== null);
  return { events: records.length > 0, timers: left('timer'), effects: left('effect') };
}

/** Calls `wake` after one or several transactions if they left something to do. */
export function wakeFor(wake: Wake, ...all: readonly Written[]): void {
  const some = (what: keyof Written): boolean => all.some((written) => written[what]);
  const written = { events: some('events'), timers: some('timers'), effects: some('effects') };
  if (written.events || written.timers || written.effects) wake(written);
}
