import { RESERVED_WORDS } from '@atlas/ir';

/** Whether a name can be used for a function, a file and, with an upper-case first letter, a type. */
export function isCamelCase(name: string): boolean {
  return /^[a-z][A-Za-z0-9]{0,79}$/.test(name) && !RESERVED_WORDS.has(name);
}

/** Whether a name can be used for a type and a file. */
export function isPascalCase(name: string): boolean {
  return /^[A-Z][A-Za-z0-9]{0,79}$/.test(name);
}

/** `get-booking by_id` as `getBookingById`. Undefined if nothing useful remains. */
export function camelCase(text: string): string | undefined {
  const words = wordsOf(text);
  const name = words.map((word, index) => (index === 0 ? lower(word) : upper(word))).join('');
  return isCamelCase(name) ? name : undefined;
}

/** `booking.made` as `BookingMade`. */
export function pascalCase(text: string): string | undefined {
  const words = wordsOf(text);
  const name = words.map(upper).join('');
  return isPascalCase(name) ? name : undefined;
}

/** The words of a text. Accents are dropped, so `läs` becomes `las`. */
function wordsOf(text: string): readonly string[] {
  const plain = text.slice(0, 200).normalize('NFD').replaceAll(/\p{M}/gu, '');
  return plain.split(/[^A-Za-z0-9]+/).filter((word) => word !== '');
}

function lower(word: string): string {
  return word.slice(0, 1).toLowerCase() + word.slice(1);
}

function upper(word: string): string {
  return word.slice(0, 1).toUpperCase() + word.slice(1);
}
