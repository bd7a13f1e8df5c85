/** `Array.isArray` that keeps a readonly list readonly. */
export function isList(value: unknown): value is readonly unknown[] {
  return Array.isArray(value);
}

/** Any object that is not null. A list is one as well. */
export function isObject(value: unknown): value is { readonly [key: string]: unknown } {
  return typeof value === 'object' && value !== null;
}
