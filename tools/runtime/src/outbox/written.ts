import type { TimerRow } from '../timers/changes.ts';
import type { OutboxRecord } from './record.ts';

/** The work that a transaction has left for others, so that only those with something to do are woken. */
export interface Written {
  /** Events or dead letters to publish. */
  readonly events: boolean;
  /** When the first of the timers that were set is due. Undefined if none was set. */
  readonly timers: Date | undefined;
  /** Effects that were started. */
  readonly effects: boolean;
}

/** Called after the commit, to wake those that have work. */
export type Wake = (written: Written) => void;

export const ONLY_EVENTS: Written = { events: true, timers: undefined, effects: false };

/** A timer that was only cancelled leaves nothing to do. */
export function writtenOf(records: readonly OutboxRecord[], changes: readonly TimerRow[]): Written {
  const effects = changes.some(({ kind, body }) => kind === 'effect' && body !== null);
  return { events: records.length > 0, timers: earliest(changes.map(({ dueAt }) => dueAt ?? undefined)), effects };
}

/** Calls `wake` after one or several transactions if they left something to do. */
export function wakeFor(wake: Wake, ...all: readonly Written[]): void {
  const written = {
    events: all.some(({ events }) => events),
    timers: earliest(all.map(({ timers }) => timers)),
    effects: all.some(({ effects }) => effects),
  };
  if (written.events || written.timers || written.effects) wake(written);
}

function earliest(dates: readonly (Date | undefined)[]): Date | undefined {
  let first: Date | undefined;
  for (const date of dates) if (date && (!first || date < first)) first = date;
  return first;
}
