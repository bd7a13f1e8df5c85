const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

/** `26 Nov 2026` for a date or for the day of an instant in UTC. */
export function dayText(date: string): string {
  return `${Number(date.slice(8, 10))} ${MONTHS[Number(date.slice(5, 7)) - 1] ?? ''} ${date.slice(0, 4)}`;
}

/** `13:48:02` of an instant, in UTC. */
export function clock(instant: string): string {
  return new Date(instant).toISOString().slice(11, 19);
}

/** `26 Nov 2026, 13:48:02`, in UTC. The column or the sentence says so. */
export function instantText(at: string): string {
  const utc = new Date(at).toISOString();
  return `${dayText(utc)}, ${clock(utc)}`;
}
