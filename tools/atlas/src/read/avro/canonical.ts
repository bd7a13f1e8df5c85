import { isList, isObject, type JsonObject, type JsonValue } from '@atlas/ir';
import type { Cursor } from '../../document/cursor.ts';
import { limits } from '../../document/limits.ts';
import { avroLimits, type Report } from './report.ts';

/** Avro's own attributes in the order of the text. Other attributes come last, sorted. */
const ORDER =
  'type name namespace aliases doc symbols size items values fields default order logicalType precision scale'.split(
    ' ',
  );

function rank(key: string): number {
  const index = ORDER.indexOf(key);
  return index === -1 ? ORDER.length : index;
}

/** Gives the canonical JSON of one schema, attribute by attribute. */
export class CanonicalWriter {
  readonly #report: Report;
  #values = 0;

  constructor(report: Report) {
    this.#report = report;
  }

  /**
   * The attributes of a schema or field in canonical order. Those of `parsed` are as given, and the others as written.
   * Those of `without` are left out.
   */
  object(cursor: Cursor, parsed: JsonObject, without: readonly string[] = []): JsonObject {
    const written = cursor
      .entries()
      .filter(([key]) => !without.includes(key) && !Object.hasOwn(parsed, key))
      .map(([key, child]): [string, JsonValue] => [key, this.value(child)]);
    return Object.fromEntries(
      [...written, ...Object.entries(parsed)].toSorted(
        ([left], [right]) => rank(left) - rank(right) || (left < right ? -1 : 1),
      ),
    );
  }

  /**
   * A value with its references resolved. Inside an AsyncAPI document it may have references, and so it may contain
   * itself.
   */
  value(cursor: Cursor): JsonValue {
    const before = this.#values;
    let tooDeep = false;
    const copy = (child: Cursor, depth: number): JsonValue => {
      tooDeep ||= depth > limits.depth;
      if (tooDeep || ++this.#values > avroLimits.values) return null;
      if (isList(child.value)) return child.items().map((item) => copy(item, depth + 1));
      if (!isObject(child.value)) return child.value;
      return Object.fromEntries(child.entries().map(([key, member]) => [key, copy(member, depth + 1)]));
    };
    const value = copy(cursor, 0);
    const tooMany = before <= avroLimits.values && this.#values > avroLimits.values;
    if (tooDeep || tooMany)
      this.#report.error(
        'ATL4014',
        tooDeep
          ? `the value contains itself, or is nested more than ${limits.depth} levels deep`
          : `the schema has more than ${avroLimits.values} values`,
        cursor.via?.loc ?? cursor.loc,
        tooDeep ? 'remove the reference that leads back to the value, or flatten it' : 'shorten it',
      );
    return value;
  }
}
