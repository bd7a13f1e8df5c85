import type { SeenEvent } from '../topics/eventOf.ts';
import { APPROVALS } from './approvals.ts';
import { EventLog, type Invariant } from './log.ts';
import { MONEY } from './money.ts';
import { ORDERS } from './orders.ts';
import { TOPICS } from './topics.ts';

/** What has to be true of all events, once nothing is under way. Their ids are those of the design. */
export const INVARIANTS: readonly Invariant[] = [...ORDERS, ...MONEY, ...APPROVALS, ...TOPICS];

/** What breaks an invariant, in words. `events` are in the sequence of their topics. */
export function brokenInvariants(events: readonly SeenEvent[]): readonly string[] {
  const log = new EventLog(events);
  return INVARIANTS.flatMap((invariant) => invariant.broken(log).map((text) => `${invariant.id}: ${text}`));
}
