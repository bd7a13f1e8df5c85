import type { JsonValue } from '@atlas/ir';
import { BUDGET } from '../budget.ts';
import { Search } from '../cover/search.ts';
import { CleanRefs } from '../hashcons/clean.ts';
import { limitsProjection } from '../project/limits.ts';
import { Projection } from '../project/project.ts';
import type { Direction } from '../schemas.ts';
import type { Placed, Version } from '../sides/version.ts';
import { check } from '../witness/check.ts';

/** Finds and judges values of the schemas of one version. No schema is read before the first question. */
export class Samples {
  readonly #version: Version;
  #reading: { readonly search: Search; readonly projection: Projection; readonly limits: Projection } | undefined;

  constructor(version: Version) {
    this.#version = version;
  }

  /**
   * A value that the schema accepts; undefined if none was found. Without a schema, any value. `within` is a schema
   * (2020-12) of the values that can be sent.
   */
  of(schema: Placed | undefined, direction: Direction, within: JsonValue = true): JsonValue | undefined {
    if (schema === undefined) return 'x';
    const { search, projection, limits } = (this.#reading ??= this.#read());
    const own = projection.project(schema.value, { side: 'old', direction, names: 'closed' });
    const id = search.store.and(own, limits.project(within, { side: 'both', direction, names: 'open' }));
    search.store.work.add(1);
    const found = search.inhabit(id);
    if (found.kind === 'value') return found.value;
    return found.kind === 'unknown' ? found.candidate : undefined;
  }

  /** Whether a schema accepts a value; if the engine can't judge, the value counts as accepted. */
  accepts(schema: Placed | undefined, value: JsonValue, direction: Direction): boolean {
    if (schema === undefined) return true;
    const { search, projection } = (this.#reading ??= this.#read());
    const id = projection.project(schema.value, { side: 'old', direction, names: 'open' });
    search.store.work.add(1);
    const answer = search.accepts(id, value);
    return answer ?? check(search.store, id, value).kind !== 'refused';
  }

  #read() {
    const version = this.#version;
    const search: Search = new Search((ref) => projection.target(ref), BUDGET);
    const projection: Projection = new Projection(search.store, version, version, new CleanRefs(version, version));
    return { search, projection, limits: limitsProjection(search.store) };
  }
}
