import { dateOfMicros, microsOf } from '@atlas/runtime/time';

const FIRST = new Date('0001-01-01T00:00:00Z');
const LAST = new Date('9999-12-31T23:59:59.999Z');

/**
 * A `Date` or an Avro timestamp-micros in the form that is stored. It has whole milliseconds, because a row that is
 * read and written again would lose the rest. An instant outside of the years 1 to 9999 becomes the first or last
 * instant of them.
 */
export function instantOf(value: Date | bigint): Date {
  const micros = typeof value === 'bigint' ? value : microsOf(value);
  if (micros <= microsOf(FIRST)) return FIRST;
  return micros >= microsOf(LAST) ? LAST : dateOfMicros(micros);
}

/** The day of an instant in UTC, as YYYY-MM-DD. */
export function dayOf(value: Date | bigint): string {
  return instantOf(value).toISOString().slice(0, 10);
}

/** A date of an event in the form that is stored. Limited like `instantOf`; dates beyond have more digits or a sign. */
export function dateOf(text: string): string {
  if (text.length === 10) return text.startsWith('0000') ? '0001-01-01' : text;
  return text.startsWith('-') ? '0001-01-01' : '9999-12-31';
}
