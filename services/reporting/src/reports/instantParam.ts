const FRACTION = /\.(\d+)/;

/**
 * An RFC 3339 date-time in a form for the database: in UTC, with microseconds. Undefined if it does not exist. This is
 * needed because the database supports neither leap seconds nor offsets above 15:59, and has no year 0.
 */
export function instantParam(text: string): string | undefined {
  const date = new Date(text.toUpperCase());
  if (Number.isNaN(date.getTime()) || date.getUTCFullYear() < 1 || date.getUTCFullYear() > 9999) return undefined;
  const fraction = FRACTION.exec(text)?.[1] ?? '';
  return `${date.toISOString().slice(0, 19)}.${fraction.slice(0, 6).padEnd(6, '0')}Z`;
}
