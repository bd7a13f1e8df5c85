import { isList, isObject, type AvroType, type JsonObject, type JsonValue } from '@atlas/ir';
import { shown } from '../../diagnostics/shown.ts';

/** Why a JSON value cannot be the default of a type. `later`: it fits a union, but not the first branch. */
export interface DefaultProblem {
  readonly message?: string;
  readonly later?: boolean;
}

type Named = ReadonlyMap<string, AvroType>;
const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;
const DATE_MILLIS = 8.64e15;
const MAX_DEPTH = 100;

/**
 * Avro 1.12, "Complex Types", field `default`: a default fits by its JSON type. Of a union, the first branch that fits
 * counts; before 1.12, only the first branch did.
 */
export function defaultProblem(value: JsonValue | undefined, type: AvroType, named: Named, depth = 0): DefaultProblem {
  if (depth > MAX_DEPTH) return { message: 'never ends: it contains records whose defaults contain the same records' };
  const target = type.kind === 'ref' ? named.get(type.name) : type;
  if (!target) return {};
  const wrong = (wanted: string): DefaultProblem => ({ message: `is ${shown(value, 40)}, not ${wanted}` });
  switch (target.kind) {
    case 'null':
      return value === null ? {} : wrong('null');
    case 'boolean':
      return typeof value === 'boolean' ? {} : wrong('true or false');
    case 'int':
      return isWhole(value, 2 ** 31 - 1) ? {} : wrong('a 32-bit integer');
    case 'long':
      if (!isWhole(value, Number.MAX_SAFE_INTEGER)) return wrong('an integer');
      return target.logical?.name === 'timestamp-millis' && Math.abs(Number(value)) > DATE_MILLIS
        ? wrong('a date in the range of JavaScript')
        : {};
    case 'float':
    case 'double':
      return typeof value === 'number' ? {} : wrong('a number');
    case 'string':
      if (typeof value !== 'string') return wrong('a string');
      return target.logical?.name === 'uuid' && !UUID.test(value) ? wrong('a UUID') : {};
    case 'bytes':
      return isBytes(value) ? {} : wrong('bytes (a string of characters up to \\u00ff)');
    case 'fixed':
      return isBytes(value) && value.length === target.size
        ? {}
        : wrong(`${target.size} bytes (a string of that many characters up to \\u00ff)`);
    case 'enum':
      return typeof value === 'string' && target.symbols.includes(value)
        ? {}
        : wrong(`one of ${target.symbols.join(', ')}`);
    case 'array':
      return isList(value)
        ? worst(value.map((item) => defaultProblem(item, target.items, named, depth + 1)))
        : wrong('a list');
    case 'map':
      return isObject(value)
        ? worst(Object.values(value).map((item) => defaultProblem(item, target.values, named, depth + 1)))
        : wrong('an object');
    case 'record':
      return isObject(value) ? recordProblem(value, target, named, depth) : wrong('an object');
    case 'union': {
      const problems = target.branches.map((branch) => defaultProblem(value, branch, named, depth + 1));
      const at = problems.findIndex(({ message }) => message === undefined);
      if (at === -1) return { message: `is ${shown(value, 40)}, which fits no branch` };
      return at > 0 || problems[at]?.later === true ? { later: true } : {};
    }
    case 'ref':
      return {};
  }
}

function recordProblem(
  value: JsonObject,
  record: Extract<AvroType, { kind: 'record' }>,
  named: Named,
  depth: number,
): DefaultProblem {
  return worst(
    record.fields.map((field) => {
      const given = Object.hasOwn(value, field.name) ? value[field.name] : field.default?.value;
      const problem: DefaultProblem =
        given === undefined
          ? { message: 'is missing and has no default' }
          : defaultProblem(given, field.type, named, depth + 1);
      return problem.message === undefined
        ? problem
        : { message: `does not fit: ${JSON.stringify(field.name)} ${problem.message}` };
    }),
  );
}

function worst(problems: readonly DefaultProblem[]): DefaultProblem {
  return (
    problems.find(({ message }) => message !== undefined) ??
    (problems.some(({ later }) => later === true) ? { later: true } : {})
  );
}

function isWhole(value: JsonValue | undefined, max: number): boolean {
  return (
    typeof value === 'number' && Number.isInteger(value) && value >= -max - (max < 2 ** 32 ? 1 : 0) && value <= max
  );
}

function isBytes(value: JsonValue | undefined): value is string {
  return typeof value === 'string' && !/[^\u0000-\u00ff]/.test(value);
}
