import type { SeenEvent } from '../topics/eventOf.ts';
import type { Answers } from './answers.ts';
import { APPROVALS } from './approvals.ts';
import { BOOKS } from './books.ts';
import { EventLog, type Invariant } from './log.ts';
import { MONEY } from './money.ts';
import { ORDERS } from './orders.ts';
import { TOPICS } from './topics.ts';

/** The conditions that must be true once nothing is under way. Their ids are those of the design. */
export const INVARIANTS: readonly Invariant[] = [...ORDERS, ...MONEY, ...BOOKS, ...APPROVALS, ...TOPICS];

/**
 * The violations of invariants, in words. `events` are in the sequence of their topics, and `answers` were read after
 * them.
 */
export function brokenInvariants(events: readonly SeenEvent[], answers: Answers): readonly string[] {
  const log = new EventLog(events);
  return INVARIANTS.flatMap((invariant) => invariant.broken(log, answers).map((text) => `${invariant.id}: ${text}`));
}
