import type { JsonValue } from '@atlas/ir';

/** A value of a spec as JSON, for a message: of a long one the beginning, up to `most` characters. */
export function shown(value: JsonValue | undefined, most = 60): string {
  const text = JSON.stringify(value) ?? 'nothing';
  return text.length > most ? `${text.slice(0, most - 3)}...` : text;
}

/** `1 file`, `2 files`. */
export function count(amount: number, noun: string): string {
  return `${amount} ${noun}${amount === 1 ? '' : 's'}`;
}
