/** `Array.isArray` that keeps a readonly list readonly. */
export function isList(value: unknown): value is readonly unknown[] {
  return Array.isArray(value);
}

/** Whether a value is many values. A single value must not be a list itself. */
export function isListOf<T>(value: T | readonly T[]): value is readonly T[] {
  return Array.isArray(value);
}

/** Any object that is not null. A list is one as well. */
export function isObject(value: unknown): value is { readonly [key: string]: unknown } {
  return typeof value === 'object' && value !== null;
}
