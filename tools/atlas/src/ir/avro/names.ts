const NAME = /^[A-Za-z_][A-Za-z0-9_]*$/;

export const PRIMITIVES: ReadonlySet<string> = new Set([
  'null',
  'boolean',
  'int',
  'long',
  'float',
  'double',
  'bytes',
  'string',
]);

/** Words that an object with a `type` may have there beside primitives and names. */
export const COMPLEX: ReadonlySet<string> = new Set(['record', 'enum', 'array', 'map', 'fixed']);

/** Avro 1.12, "Names": letters, digits and `_`, not beginning with a digit. */
export function isName(text: string): boolean {
  return NAME.test(text) && text.length <= 128 && text !== '__proto__';
}

/** Names joined by dots. */
export function isDotted(text: string): boolean {
  return text.length <= 512 && text.split('.').every(isName);
}

export function shortName(fullName: string): string {
  return fullName.slice(fullName.lastIndexOf('.') + 1);
}
