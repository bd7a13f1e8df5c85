import { type Course, Log, play } from '../../../../services/reporting/test/histories.ts';

type Messages = Log['messages'];

const USUAL: Course = {
  lines: 2,
  currency: 'EUR',
  approval: 'auto',
  terms: 'PREPAID',
  payment: 'paid',
  end: 'shipped',
  returned: false,
};

/** The courses of ten orders in a row. Most are paid and shipped, some need more steps, some are cancelled. */
const COURSES: readonly Course[] = [
  USUAL,
  { ...USUAL, lines: 3, approval: 'asked', terms: 'NET_30' },
  { ...USUAL, lines: 1 },
  { ...USUAL, end: 'shipped in parts', returned: true },
  { ...USUAL, approval: 'escalated', payment: 'declined first' },
  { ...USUAL, lines: 1, end: 'shortage' },
  { ...USUAL, lines: 3, payment: 'overpaid' },
  { ...USUAL, end: 'cancelled' },
  { ...USUAL, approval: 'rejected' },
  { ...USUAL, lines: 3, terms: 'NET_30', end: 'shipped in parts' },
];

/** At least `events` events, of orders from their placing to their end. */
export function historyOf(events: number): Messages {
  const log = new Log();
  for (let order = 0; log.messages.length < events; order += 1)
    play(log, order, COURSES[order % COURSES.length] ?? USUAL);
  return log.messages;
}
