const DAY_MS = 86_400_000;

/** The day of an instant in UTC, as YYYY-MM-DD. */
export function dayOf(instant: Date): string {
  return instant.toISOString().slice(0, 10);
}

/** The day that is `days` days after another. The result is never before the first day of the database's calendar. */
export function addDays(day: string, days: number): string {
  const sum = new Date(Date.parse(day) + days * DAY_MS);
  return sum.getUTCFullYear() < 1 ? '0001-01-01' : dayOf(sum);
}

export function daysBetween(from: string, to: string): number {
  return (Date.parse(to) - Date.parse(from)) / DAY_MS;
}
