import { table } from '@atlas/stack';
import type { Entry } from './entry.ts';

/** A timeline as text, oldest first. Times are UTC. */
export function timeline(entries: readonly Entry[]): string {
  const rows = entries
    .toSorted((a, b) => a.time.getTime() - b.time.getTime())
    .map(({ time, service, what, correlationId }) => [time.toISOString().slice(11, 23), service, what, correlationId]);
  return table([['time', 'service', 'what', 'correlationId'], ...rows]);
}
