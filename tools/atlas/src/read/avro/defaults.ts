import {
  integerOf,
  isList,
  isObject,
  type AvroRecord,
  type AvroType,
  type AvroUnion,
  type JsonObject,
  type JsonValue,
} from '@atlas/ir';
import { shown } from '../../diagnostics/shown.ts';
import { avroLimits } from './report.ts';

/** Why a JSON value cannot be the default of a type. `later`: it fits a union, but not the first branch. */
export interface DefaultProblem {
  readonly message?: string;
  readonly later?: boolean;
}

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;
const DATE_MILLIS = 8_640_000_000_000_000n;

/**
 * How a default fits its type: the number of values that it makes, including those of left-out fields, or a problem.
 */
interface Fit extends DefaultProblem {
  readonly values: number;
}

/**
 * Judges the defaults of one schema. `named` has its types by full name, and they must all be parsed before the first
 * default is judged, because a default may be of the record that contains its field.
 */
export class Defaults {
  readonly #named: ReadonlyMap<string, AvroType>;
  /**
   * What is known about a list or an object for a type. It is kept, because records repeat the defaults of their
   * fields.
   */
  readonly #known = new WeakMap<object, Map<AvroType, Fit>>();

  constructor(named: ReadonlyMap<string, AvroType>) {
    this.#named = named;
  }

  /**
   * Avro 1.12, "Complex Types", field `default`: a default fits by its JSON type. For a union, the first branch that
   * fits counts. Before 1.12, it had to be the first branch of all.
   */
  problem(value: JsonValue, type: AvroType): DefaultProblem {
    const { values, ...problem } = this.#fit(value, type);
    return problem.message === undefined && values > avroLimits.defaultValues
      ? { message: `makes more than ${avroLimits.defaultValues} values, with the defaults of the records in it` }
      : problem;
  }

  #fit(value: JsonValue | undefined, type: AvroType): Fit {
    const target = type.kind === 'ref' ? this.#named.get(type.name) : type;
    // A type that could not be parsed already has a finding.
    if (!target) return FITS;
    if (target.kind === 'union') return this.#union(value, target);
    if (typeof value !== 'object' || value === null) return this.#compute(value, target);
    const known = this.#known.get(value) ?? new Map<AvroType, Fit>();
    this.#known.set(value, known);
    const found = known.get(target);
    if (found) return found;
    known.set(target, ENDLESS);
    const fit = this.#compute(value, target);
    known.set(target, fit);
    return fit;
  }

  #compute(value: JsonValue | undefined, target: AvroType): Fit {
    switch (target.kind) {
      case 'array':
        return isList(value) ? together(value.map((item) => this.#fit(item, target.items))) : wrong(value, 'a list');
      case 'map':
        return isObject(value)
          ? together(Object.values(value).map((item) => this.#fit(item, target.values)))
          : wrong(value, 'an object');
      case 'record':
        return isObject(value) ? together(this.#fields(value, target)) : wrong(value, 'an object');
      default:
        return leaf(value, target);
    }
  }

  #fields(value: JsonObject, record: AvroRecord): readonly Fit[] {
    return record.fields.map(({ name, type, default: fallback }) => {
      const given = Object.hasOwn(value, name) ? value[name] : fallback?.value;
      const fit =
        given === undefined ? { message: 'is missing and has no default', values: 0 } : this.#fit(given, type);
      return fit.message === undefined
        ? fit
        : { ...fit, message: `does not fit: ${JSON.stringify(name)} ${fit.message}` };
    });
  }

  #union(value: JsonValue | undefined, { branches }: AvroUnion): Fit {
    for (const [at, branch] of branches.entries()) {
      const fit = this.#fit(value, branch);
      if (fit.message === undefined) return at > 0 ? { ...fit, later: true } : fit;
    }
    return { message: `is ${shown(value, 40)}, which fits no branch`, values: 0 };
  }
}

const FITS: Fit = { values: 1 };
const ENDLESS: Fit = {
  message: 'never ends: it contains records whose defaults contain the same records',
  values: 0,
};

function wrong(value: JsonValue | undefined, wanted: string): Fit {
  return { message: `is ${shown(value, 40)}, not ${wanted}`, values: 0 };
}

/** The fit of a list, map or record from those of its parts. */
function together(parts: readonly Fit[]): Fit {
  const failed = parts.find(({ message }) => message !== undefined);
  if (failed) return failed;
  const values = parts.reduce((sum, part) => sum + part.values, 1);
  return parts.some(({ later }) => later === true) ? { later: true, values } : { values };
}

/** The fit of a value that has no parts. */
function leaf(value: JsonValue | undefined, target: AvroType): Fit {
  switch (target.kind) {
    case 'null':
      return value === null ? FITS : wrong(value, 'null');
    case 'boolean':
      return typeof value === 'boolean' ? FITS : wrong(value, 'true or false');
    case 'int':
      return isWhole(value, 32) ? FITS : wrong(value, 'a 32-bit integer');
    case 'long':
      if (!isWhole(value, 64)) return wrong(value, 'a 64-bit integer in plain digits');
      return target.logical?.name === 'timestamp-millis' && !isDate(value)
        ? wrong(value, 'a date in the range of JavaScript')
        : FITS;
    case 'float':
    case 'double':
      return typeof value === 'number' || integerOf(value) !== undefined ? FITS : wrong(value, 'a number');
    case 'string':
      if (typeof value !== 'string') return wrong(value, 'a string');
      return target.logical?.name === 'uuid' && !UUID.test(value) ? wrong(value, 'a UUID') : FITS;
    case 'bytes':
      return isBytes(value) ? FITS : wrong(value, 'bytes (a string of characters up to \\u00ff)');
    case 'fixed':
      return isBytes(value) && value.length === target.size
        ? FITS
        : wrong(value, `${target.size} bytes (a string of that many characters up to \\u00ff)`);
    case 'enum':
      return typeof value === 'string' && target.symbols.includes(value)
        ? FITS
        : wrong(value, `one of ${target.symbols.join(', ')}`);
    default:
      return FITS;
  }
}

function isWhole(value: JsonValue | undefined, bits: number): boolean {
  const whole = integerOf(value);
  return whole !== undefined && BigInt.asIntN(bits, whole) === whole;
}

function isDate(value: JsonValue | undefined): boolean {
  const millis = integerOf(value);
  return millis !== undefined && millis >= -DATE_MILLIS && millis <= DATE_MILLIS;
}

function isBytes(value: JsonValue | undefined): value is string {
  return typeof value === 'string' && !/[^\u0000-\u00ff]/.test(value);
}
