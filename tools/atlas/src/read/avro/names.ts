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

/** How to mend what is no name. */
export function nameFix(text: string | undefined): string {
  if (text?.split('.').includes('__proto__') === true) return 'choose another name: JavaScript has its own use for it';
  if (text !== undefined && text.length > 128) return 'write 128 characters at most';
  if (PRIMITIVES.has(text ?? '') || COMPLEX.has(text ?? ''))
    return "choose another name: it is one of Avro's own types";
  return 'write letters, digits and _, not beginning with a digit';
}

/** Names joined by dots. */
export function isDotted(text: string): boolean {
  return text.length <= 512 && text.split('.').every(isName);
}

export function shortName(fullName: string): string {
  return fullName.slice(fullName.lastIndexOf('.') + 1);
}
