/** The day of an instant in UTC, YYYY-MM-DD. */
export function dayOf(instant: Date): string {
  return instant.toISOString().slice(0, 10);
}

/** The month of a day, YYYY-MM. */
export function monthOf(day: string): string {
  return day.slice(0, 7);
}

/** The month after `month`. */
export function monthAfter(month: string): string {
  const [year = 0, number = 0] = month.split('-').map(Number);
  return number === 12
    ? `${String(year + 1).padStart(4, '0')}-01`
    : `${month.slice(0, 5)}${String(number + 1).padStart(2, '0')}`;
}

/** The month into which a journal of this day is posted: its own, or the first open one if its own is closed. */
export function openMonth(day: string, closedThrough: string): string {
  const own = monthOf(day);
  return own > closedThrough ? own : monthAfter(closedThrough);
}
