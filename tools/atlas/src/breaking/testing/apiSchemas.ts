import type { JsonObject, JsonValue } from '@atlas/ir';
import type { Dialect } from '../../jsonschema/keywords.ts';
import type { Dice } from './dice.ts';

/**
 * Schemas as people write them into an API: few names and small numbers, so that two versions are about the same
 * values.
 */
export class ApiSchemas {
  readonly #dice: Dice;
  readonly #isLatest: boolean;
  /** Names of shared schemas that a schema may refer to. */
  readonly #shared: readonly string[];

  constructor(dice: Dice, dialect: Dialect, shared: readonly string[]) {
    this.#dice = dice;
    this.#isLatest = dialect === '2020-12';
    this.#shared = shared;
  }

  /** A schema with at most `depth` schemas inside each other. */
  any(depth: number): JsonObject {
    const dice = this.#dice;
    if (depth <= 0) return this.scalar();
    switch (dice.below(9)) {
      case 0:
      case 1:
        return this.scalar();
      case 2:
        return this.list(depth);
      case 3:
      case 4:
        return this.object(depth);
      case 5:
        return this.#isLatest ? this.#latest(depth) : this.object(depth);
      case 6:
        return this.#choice(depth);
      default:
        return this.#shared.length > 0 ? ref(dice.pick(this.#shared)) : this.scalar();
    }
  }

  scalar(): JsonObject {
    const dice = this.#dice;
    switch (dice.below(8)) {
      case 0:
      case 1:
        return this.#maybeNull({ type: 'string', ...this.#length() });
      case 2:
        return { type: 'string', enum: this.#some(['a', 'b', 'ab', 'abc']) };
      case 3:
        return { type: 'string', ...dice.pick([{ pattern: dice.pick(PATTERNS) }, { format: dice.pick(FORMATS) }]) };
      case 4:
        return { type: 'boolean' };
      case 5:
        return this.#maybeNull({ type: 'number', ...this.#interval() });
      case 6:
        return { type: 'integer', enum: this.#some([0, 1, 2, 3]) };
      default:
        return this.#maybeNull({ type: 'integer', ...this.#interval() });
    }
  }

  list(depth: number): JsonObject {
    const dice = this.#dice;
    return {
      type: 'array',
      items: this.any(depth - 1),
      ...(dice.once(3) ? { minItems: dice.below(3) } : {}),
      ...(dice.once(3) ? { maxItems: 1 + dice.below(3) } : {}),
      ...(dice.once(6) ? { uniqueItems: true } : {}),
    };
  }

  object(depth: number): JsonObject {
    const dice = this.#dice;
    const names = dice.some(NAMES);
    if (names.length === 0) return { type: 'object', additionalProperties: dice.pick([true, this.any(depth - 1)]) };
    const marks: readonly JsonObject[] = [{}, {}, {}, {}, {}, { readOnly: true }, { writeOnly: true }];
    const members = names.map((name) => {
      const schema = this.any(depth - 1);
      // OpenAPI 3.0 ignores keywords beside a reference.
      return [name, schema['$ref'] === undefined || this.#isLatest ? { ...schema, ...dice.pick(marks) } : schema];
    });
    const required = dice.some(names);
    return this.#maybeNull({
      type: 'object',
      properties: Object.fromEntries(members),
      ...(required.length > 0 ? { required } : {}),
      ...dice.pick<JsonObject>([{}, {}, {}, { additionalProperties: false }, { additionalProperties: this.scalar() }]),
      ...(dice.once(9) ? { minProperties: 1 } : {}),
      ...(dice.once(9) ? { maxProperties: 1 + dice.below(3) } : {}),
    });
  }

  #length(): JsonObject {
    const dice = this.#dice;
    return {
      ...(dice.once(3) ? { minLength: dice.below(3) } : {}),
      ...(dice.once(3) ? { maxLength: 1 + dice.below(4) } : {}),
    };
  }

  #interval(): JsonObject {
    const dice = this.#dice;
    return {
      ...(dice.once(3) ? { minimum: dice.below(3) - 1 } : {}),
      ...(dice.once(3) ? { maximum: 1 + dice.below(4) } : {}),
      ...(dice.once(5) ? { multipleOf: 1 + dice.below(3) } : {}),
      ...(this.#isLatest && dice.once(8) ? { exclusiveMinimum: dice.below(3) - 1 } : {}),
      ...(!this.#isLatest && dice.once(8) ? { minimum: 0, exclusiveMinimum: true } : {}),
    };
  }

  #choice(depth: number): JsonObject {
    const dice = this.#dice;
    const branch = (): JsonObject => this.any(depth - 1);
    switch (dice.below(3)) {
      case 0:
        return { anyOf: [branch(), branch()] };
      case 1:
        return { oneOf: [branch(), branch()] };
      default:
        return { allOf: [branch(), this.object(depth - 1)] };
    }
  }

  /** Keywords that OpenAPI 3.0 does not have. */
  #latest(depth: number): JsonObject {
    const dice = this.#dice;
    const inner = (): JsonObject => this.any(depth - 1);
    switch (dice.below(8)) {
      case 0:
        return { type: 'array', prefixItems: [inner(), inner()], items: dice.pick<JsonValue>([false, inner()]) };
      case 1:
        return { type: 'array', contains: this.scalar(), maxItems: 3 };
      case 2:
        return { ...this.object(depth - 1), if: this.object(0), then: this.object(0) };
      case 3:
        return { ...this.object(depth - 1), dependentRequired: { a: ['b'] } };
      case 4:
        return { type: 'object', patternProperties: { [dice.pick(['^a', 'b'])]: inner() } };
      case 5:
        return { type: 'object', additionalProperties: inner(), propertyNames: { pattern: dice.pick(PATTERNS) } };
      case 6:
        return { const: dice.pick<JsonValue>(['a', 'b', 1, true, null]) };
      default:
        return { allOf: [this.object(depth - 1), this.object(depth - 1)], unevaluatedProperties: false };
    }
  }

  #maybeNull(schema: JsonObject): JsonObject {
    if (!this.#dice.once(6)) return schema;
    const { type = 'object' } = schema;
    return this.#isLatest ? { ...schema, type: [type, 'null'] } : { ...schema, nullable: true };
  }

  #some<T>(list: readonly [T, ...T[]]): readonly T[] {
    const some = this.#dice.some(list);
    return some.length === 0 ? [list[0]] : some;
  }
}

export const NAMES = ['a', 'b', 'c'];
const PATTERNS = ['^a', 'b$', '^[ab]+$', '^.{2}$', '^(ab)*$'];
const FORMATS = ['date', 'uuid', 'ipv4', 'email'];

export function ref(name: string): JsonObject {
  return { $ref: `#/components/schemas/${name}` };
}
