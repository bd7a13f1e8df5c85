import type { JsonValue } from '@atlas/ir';

/** A value of a spec as JSON, for a message; cut after `maxLength` characters. */
export function shown(value: JsonValue | undefined, maxLength = 60): string {
  const text = JSON.stringify(value) ?? 'nothing';
  return text.length > maxLength ? `${text.slice(0, maxLength - 3)}...` : text;
}

/** `1 file`, `2 files`. */
export function count(amount: number, noun: string): string {
  return `${amount} ${noun}${amount === 1 ? '' : 's'}`;
}
