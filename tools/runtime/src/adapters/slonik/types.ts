import type pg from 'pg';
import { getTypeParser } from 'pg-types';

const TEXT_ARRAY = 1009;

/** int8 becomes a bigint. Dates stay text, because a `Date` would depend on the machine's time zone. */
const PARSERS = new Map<number, (text: string) => unknown>();
for (const { type, list, parse } of [
  { type: 20, list: 1016, parse: BigInt },
  { type: 1082, list: 1182, parse: (text: string) => text },
  { type: 1114, list: 1115, parse: (text: string) => text },
]) {
  PARSERS.set(type, parse);
  PARSERS.set(list, (text) => each(getTypeParser(TEXT_ARRAY, 'text')(text), parse));
}

function each(value: unknown, parse: (text: string) => unknown): unknown {
  if (Array.isArray(value)) return value.map((item) => each(item, parse));
  return typeof value === 'string' ? parse(value) : value;
}

/** How columns become values, by the OID of their type (PostgreSQL, src/include/catalog/pg_type.dat). */
export const TYPES: pg.CustomTypesConfig = {
  // the server sends every column as a text
  getTypeParser: (oid: number): ((value: string) => unknown) => PARSERS.get(oid) ?? getTypeParser(oid, 'text'),
};
