/** A value that does not fit its type. The codec catches it and finds out which field it is. */
export class Misfit extends Error {
  override readonly name = 'Misfit';
}

/** Throws `Misfit` with a message "is <value>, not <wanted>". */
export function misfit(value: unknown, wanted: string): never {
  throw new Misfit(`is ${show(value)}, not ${wanted}`);
}

function show(value: unknown): string {
  if (typeof value === 'string') return JSON.stringify(value.length > 40 ? `${value.slice(0, 37)}...` : value);
  if (typeof value === 'bigint') return `${value}n`;
  if (typeof value === 'number' || typeof value === 'boolean' || value === null || value === undefined)
    return String(value);
  if (value instanceof Date) return Number.isNaN(value.getTime()) ? 'an invalid date' : value.toISOString();
  if (value instanceof Uint8Array) return `${value.length} bytes`;
  if (Array.isArray(value)) return 'a list';
  return typeof value === 'object' ? 'an object' : `a ${typeof value}`;
}
