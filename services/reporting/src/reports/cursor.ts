import { createHash } from 'node:crypto';
import type { Problem } from '@atlas/runtime';

/** Makes and reads cursors. A cursor is the position in a list after which a page begins. */
export interface Cursors {
  /** The cursor after a row with these values of the sort. */
  after(values: readonly string[]): string;
  /** The values of a cursor. Undefined if it is not one of this list, or if a value has another form. */
  valuesOf(cursor: string, forms: readonly RegExp[]): readonly string[] | undefined;
}

export const CURSOR_INVALID: Problem<400, 'cursor-invalid'> = {
  status: 400,
  problem: {
    code: 'cursor-invalid',
    detail: 'the cursor does not belong to this list with these filters and this sort: begin without a cursor',
    errors: [{ pointer: '/query/cursor', detail: 'is not a cursor of this list' }],
  },
};

/** Forms of values. A value that fits is safe to send to the database. */
export const UUID_FORM = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
/** With microseconds, as `exactInstant` gives it. */
export const INSTANT_FORM = /^\d{4}-(0[1-9]|1[0-2])-[0-2]\d[T]([01]\d|2[0-3]):[0-5]\d:[0-5]\d\.\d{6}Z$/;
export const AMOUNT_FORM = /^(0|[1-9]\d{0,15})$/;
export const CURRENCY_FORM = /^[A-Z]{3}$/;
export const SKU_FORM = /^[A-Z0-9][A-Z0-9._-]{0,63}$/;

/** Members of a query that do not change which rows there are, or in which order. */
const NEUTRAL = ['cursor', 'limit', 'minVersion'];

/**
 * The cursors of a list. A digest without a secret binds them to the operation and its filters. A forged cursor only
 * changes where the page begins, among rows that the caller may see anyway.
 */
export function cursorsOf(operation: string, query: object): Cursors {
  const filters = Object.entries(query)
    .filter(([name, value]) => value !== undefined && !NEUTRAL.includes(name))
    .sort(([a], [b]) => (a < b ? -1 : 1));
  const digest = createHash('sha256')
    .update(JSON.stringify([operation, filters]))
    .digest('base64url')
    .slice(0, 16);
  return {
    after: (values) => Buffer.from(JSON.stringify([digest, ...values])).toString('base64url'),
    valuesOf: (cursor, forms) => {
      const [of, ...values] = partsOf(cursor);
      const fits = values.length === forms.length && forms.every((form, index) => form.test(values[index] ?? ''));
      return of === digest && fits ? values : undefined;
    },
  };
}

function partsOf(cursor: string): readonly string[] {
  try {
    const parts: unknown = JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8'));
    return Array.isArray(parts) && parts.every((part) => typeof part === 'string') ? parts : [];
  } catch {
    return [];
  }
}
