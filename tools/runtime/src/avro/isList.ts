/** `Array.isArray` that also tells readonly arrays apart from all else. */
export function isList(value: unknown): value is readonly unknown[] {
  return Array.isArray(value);
}
