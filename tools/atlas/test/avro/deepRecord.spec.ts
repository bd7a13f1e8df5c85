import type { JsonObject } from '@atlas/ir';
import { afterAll, describe, expect, it } from 'vitest';
import { ByteReader } from '../../../runtime/src/avro/reader.ts';
import { compileResolver } from '../../../runtime/src/avro/resolve/compileResolver.ts';
import { parseSchema } from '../../../runtime/src/avro/schema/parseSchema.ts';
import { Writer } from '../../../runtime/src/avro/writer.ts';
import { codecFolder } from './codecModule.ts';

const folder = codecFolder();
afterAll(() => folder[Symbol.dispose]());

const DEPTH = 120;
const TEXTS = 100;
/** Makes a body of a little more than 1 MB. */
const TEXT = 'x'.repeat(90);

const NEXT: JsonObject = { name: 'next', type: ['null', 'n.Level'] };
const LIST: JsonObject = { name: 'texts', type: { type: 'array', items: 'string' } };
const MORE: JsonObject = { name: 'more', type: ['null', 'int'], default: null };
const level = (fields: readonly JsonObject[]): JsonObject => ({ type: 'record', name: 'n.Level', fields });
const OLD = level([NEXT, LIST]);

function nested(depth: number, more: object = {}): object | null {
  const texts = Array.from({ length: TEXTS }, () => TEXT);
  let next: object | null = null;
  for (let at = 0; at < depth; at++) next = { next, texts, ...more };
  return next;
}

/** Counts the numbers that are read; every value of the body above begins with one. */
class Counting extends ByteReader {
  numbers = 0;

  override longNumber(): number {
    this.numbers++;
    return super.longNumber();
  }
}

describe('a record of 1 MB that is nested 120 deep', () => {
  const arrangements = [
    ['in the same order', [NEXT, LIST]],
    ['in another order', [LIST, NEXT]],
    ['in another order, with a new one', [MORE, LIST, NEXT]],
  ] as const;

  it.each(arrangements)('is decoded if the reader has its fields %s', async (_, fields) => {
    const old = await folder.load(OLD);
    const now = await folder.load(level(fields));
    const body = old.encode(nested(DEPTH));
    expect(body.length).toBeGreaterThan(1024 * 1024);
    const added = now.schema.includes('"more"') ? { more: null } : {};
    // `toEqual` would take seconds for so many texts
    expect(JSON.stringify(sorted(now.resolver(old.schema)(body)))).toBe(JSON.stringify(sorted(nested(DEPTH, added))));
  });

  it.each(arrangements)('is read only once if the reader has its fields %s', async (_, fields) => {
    const old = await folder.load(OLD);
    const now = await folder.load(level(fields));
    const r = new Counting(old.encode(nested(DEPTH)));
    compileResolver(parseSchema(old.schema), parseSchema(now.schema))(r, new Writer());
    r.close();
    // per level: the branch of `next`, the number of texts, the texts, and a zero
    expect(r.numbers).toBe(DEPTH * (TEXTS + 3));
  });

  it.each(arrangements)('is refused beyond 128 levels if the reader has its fields %s', async (_, fields) => {
    const old = await folder.load(OLD);
    const now = await folder.load(level(fields));
    const read = now.resolver(old.schema);
    const deepest = old.encode(nested(128));
    expect(() => read(deepest)).not.toThrow();
    // one level more, without texts, which no codec writes
    const deeper = Buffer.concat([Buffer.of(2), deepest, Buffer.of(0)]);
    expect(() => read(deeper)).toThrow('more than 128 records inside each other');
  });
});

/** With properties in one order, so that values can be compared as texts. */
function sorted(value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  return Object.fromEntries(
    Object.entries(value)
      .toSorted(([left], [right]) => left.localeCompare(right))
      .map(([key, member]) => [key, sorted(member)]),
  );
}
