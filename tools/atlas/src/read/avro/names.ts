import { AVRO_PRIMITIVES, isAvroPrimitive } from '@atlas/ir';
import type { Cursor } from '../../document/cursor.ts';
import type { Report } from './report.ts';

const NAME = /^[A-Za-z_][A-Za-z0-9_]*$/;

/** The types that need more than a name. */
const COMPLEX: readonly string[] = ['record', 'enum', 'array', 'map', 'fixed'];

/** Every name that Avro itself defines. */
export const AVRO_TYPES: readonly string[] = [...AVRO_PRIMITIVES, ...COMPLEX];

export function isComplex(name: string): boolean {
  return COMPLEX.includes(name);
}

/** Avro 1.12, "Names": letters, digits and `_`, not starting with a digit. */
export function isName(text: string): boolean {
  return NAME.test(text) && text.length <= 128 && text !== '__proto__';
}

/** Names joined by dots. */
export function isDotted(text: string): boolean {
  return text.length <= 512 && text.split('.').every(isName);
}

/** How to fix a text that is not a name. */
export function nameFix(text: string | undefined): string {
  if (text?.split('.').includes('__proto__') === true)
    return 'choose another name: JavaScript gives this one a special meaning';
  if (text !== undefined && text.length > 128) return 'use at most 128 characters';
  if (text !== undefined && (isAvroPrimitive(text) || isComplex(text)))
    return 'choose another name: Avro has a type of this name';
  return 'use letters, digits and _, not starting with a digit';
}

/** Avro 1.12, "Names": a name with dots is full, any other belongs to the namespace. */
export function inNamespace(name: string, namespace: string): string {
  return name.includes('.') || namespace === '' ? name : `${namespace}.${name}`;
}

/** What comes before the last dot; '' for the null namespace. */
export function namespaceOf(fullName: string): string {
  return fullName.slice(0, Math.max(0, fullName.lastIndexOf('.')));
}

export function shortName(fullName: string): string {
  return fullName.slice(fullName.lastIndexOf('.') + 1);
}

/** Former names of a type or a field, those that `isValid` accepts; the others become findings. */
export function aliasesOf(cursor: Cursor, report: Report, isValid: (text: string) => boolean): readonly string[] {
  const list = cursor.get('aliases');
  if (!list) return [];
  if (!Array.isArray(list.value)) {
    report.error('ATL4002', 'aliases is not a list', list.valueLoc, 'write a list of names');
    return [];
  }
  return list.items().flatMap((item) => {
    const text = item.string();
    if (text !== undefined && isValid(text)) return [text];
    report.error('ATL4003', `${JSON.stringify(item.value)} is not a valid alias`, item.valueLoc, nameFix(text));
    return [];
  });
}
