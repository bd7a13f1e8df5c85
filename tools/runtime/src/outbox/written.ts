import type { TimerRow } from '../timers/changes.ts';
import type { OutboxRecord } from './record.ts';

/** What a transaction has left for others to work on, so that only those are woken who have something to do. */
export interface Written {
  /** Events or dead letters to publish. */
  readonly events: boolean;
  /** Timers that were set. */
  readonly timers: boolean;
  /** Effects that were started. */
  readonly effects: boolean;
}

/** Who is to wake. Called after the commit. */
export type Wake = (written: Written) => void;

export const ONLY_EVENTS: Written = { events: true, timers: false, effects: false };

/** A timer that was only cancelled leaves nothing to do. */
export function writtenOf(records: readonly OutboxRecord[], changes: readonly TimerRow[]): Written {
  const left = (kind: TimerRow['kind']): boolean => changes.some((row) => row.kind === kind && row.body !== null);
  return { events: records.length > 0, timers: left('timer'), effects: left('effect') };
}

/** Wakes for several transactions, or for one, if there is something to do. */
export function wakeFor(wake: Wake, ...all: readonly Written[]): void {
  const some = (what: keyof Written): boolean => all.some((written) => written[what]);
  const written = { events: some('events'), timers: some('timers'), effects: some('effects') };
  if (written.events || written.timers || written.effects) wake(written);
}
