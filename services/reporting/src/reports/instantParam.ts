const FRACTION = /\.(\d+)/;

/**
 * An RFC 3339 date-time as the database takes it: in UTC, with microseconds. Undefined if no calendar has it. The
 * database itself knows neither leap seconds of RFC 3339 nor offsets above 15:59, and has no year 0.
 */
export function instantParam(text: string): string | undefined {
  const date = new Date(text.toUpperCase());
  if (Number.isNaN(date.getTime()) || date.getUTCFullYear() < 1 || date.getUTCFullYear() > 9999) return undefined;
  const fraction = FRACTION.exec(text)?.[1] ?? '';
  return `${date.toISOString().slice(0, 19)}.${fraction.slice(0, 6).padEnd(6, '0')}Z`;
}
