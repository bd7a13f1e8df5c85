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

/** Text without the user and the password of each URL in it, because messages end in logs. */
export function withoutCredentials(text: string): string {
  return text.replaceAll(USER_INFO, '');
}

/** The same with `*` for each character of them, so that all columns stay. */
export function withMaskedCredentials(text: string): string {
  return text.replaceAll(USER_INFO, (found) => '*'.repeat(found.length));
}

/** RFC 3986, section 3.2.1, including the `@`. */
const USER_INFO = /(?<=:\/\/)[^\s/?#]*@/g;
