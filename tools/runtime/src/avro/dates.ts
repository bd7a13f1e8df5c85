import { misfit } from './misfit.ts';

const DAY_MS = 86_400_000;
const ISO_DATE = /^(?:\d{4}|[+-]\d{6})-\d\d-\d\d$/;

/**
 * Days since 1970-01-01 as `YYYY-MM-DD`. Years of more than four digits have a sign and six digits (ISO 8601, expanded
 * representation). Undefined for days that `Date` can't represent.
 */
export function dateText(days: number): string | undefined {
  return Math.abs(days) > 1e8 ? undefined : new Date(days * DAY_MS).toISOString().slice(0, -14);
}

/** Days since 1970-01-01. Throws `Misfit` for a date that does not exist, such as 30 February. */
export function daysOf(text: string): number {
  const millis = typeof text === 'string' && ISO_DATE.test(text) ? Date.parse(`${text}T00:00:00Z`) : Number.NaN;
  // Date.parse may turn 31 February into a day of March
  if (Number.isNaN(millis) || dateText(millis / DAY_MS) !== text) return misfit(text, 'a date, YYYY-MM-DD');
  return millis / DAY_MS;
}
