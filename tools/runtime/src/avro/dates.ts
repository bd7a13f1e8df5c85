import { misfit } from './misfit.ts';

const DAY = 86_400_000;
const ISO_DATE = /^(?:\d{4}|[+-]\d{6})-\d\d-\d\d$/;

/**
 * `YYYY-MM-DD` of days since 1970-01-01; years beyond four digits as ISO 8601 expands them. Undefined beyond what Date
 * has.
 */
export function dateText(days: number): string | undefined {
  return Math.abs(days) > 1e8 ? undefined : new Date(days * DAY).toISOString().slice(0, -14);
}

/** Days since 1970-01-01. Refuses dates that no calendar has. */
export function daysOf(text: string): number {
  const millis = typeof text === 'string' && ISO_DATE.test(text) ? Date.parse(`${text}T00:00:00Z`) : Number.NaN;
  // Some engines roll the 31st of February over.
  if (Number.isNaN(millis) || dateText(millis / DAY) !== text) return misfit(text, 'a date, YYYY-MM-DD');
  return millis / DAY;
}
