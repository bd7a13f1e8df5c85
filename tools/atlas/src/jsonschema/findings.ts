import { childPointer, isList, isObject, isRecord, parsePointer, type JsonValue } from '@atlas/ir';
import type { Finding } from '../diagnostics/diagnostic.ts';
import { shown } from '../diagnostics/shown.ts';
import { didYouMean } from '../document/suggest.ts';
import { knownKeysOf } from './knownKeys.ts';
import { bestErrors } from './bestErrors.ts';
import type { CompiledSchema, SchemaError } from './compiled.ts';

/** Finds the place of a pointer into the validated value. */
export type Locate = (pointer: string) => { readonly key: Finding['loc']; readonly value: Finding['loc'] };

/** The kind of an error. Each standard has a code for each kind. */
export type SchemaComplaint = 'missing' | 'unknown-key' | 'unknown-value' | 'wrong-type' | 'other';

export interface SchemaFinding extends Finding {
  readonly complaint: SchemaComplaint;
  readonly pointer: string;
}

/** The errors of a value under a compiled standard, in words: one per place, the one that helps most. */
export function schemaFindings(standard: CompiledSchema, value: JsonValue, locate: Locate): readonly SchemaFinding[] {
  if (standard(value)) return [];
  return bestErrors(standard.errors ?? []).map((error) => explain(error, value, locate));
}

/** Keywords of other versions, and what to write in OpenAPI 3.1. */
export const KEYWORDS_ELSEWHERE: ReadonlyMap<string, string> = new Map([
  ['nullable', "write type: [<type>, 'null'] as OpenAPI 3.1 does"],
  ['definitions', 'write $defs'],
  ['dependencies', 'write dependentRequired or dependentSchemas'],
]);

/** Types of other languages, and what to write in JSON Schema. */
const foreignTypes: ReadonlyMap<string, string> = new Map([
  ['int', 'write integer'],
  ['long', 'write type: integer, format: int64'],
  ['float', 'write type: number, format: float'],
  ['double', 'write type: number, format: double'],
  ['bool', 'write boolean'],
  ...['date', 'date-time', 'time', 'uuid', 'email', 'uri'].map((name): [string, string] => [
    name,
    `write type: string, format: ${name}`,
  ]),
]);

/** What to write instead of `exclusiveMinimum: true`, which older versions have. */
function boundOf(keyword: string, value: JsonValue | undefined): string | undefined {
  if (typeof value !== 'boolean') return undefined;
  const other = { exclusiveMinimum: 'minimum', exclusiveMaximum: 'maximum' }[keyword];
  if (other === undefined) return undefined;
  return value ? `write the bound here, and remove ${other}, as OpenAPI 3.1 does` : 'remove it';
}

function explain(error: SchemaError, root: JsonValue, locate: Locate): SchemaFinding {
  const { instancePath: pointer, params } = error;
  const value = valueAt(root, pointer);
  const place = locate(pointer);
  if (error.propertyName !== undefined && params['format'] === 'regex')
    return {
      complaint: 'other',
      pointer: childPointer(pointer, error.propertyName),
      message: `${shown(error.propertyName)} is not a regular expression`,
      loc: locate(childPointer(pointer, error.propertyName)).key,
      fix: 'use the syntax of ECMAScript',
    };
  if (error.propertyName !== undefined)
    return {
      complaint: 'unknown-key',
      pointer: childPointer(pointer, error.propertyName),
      message: `${JSON.stringify(error.propertyName)} is not a valid name here`,
      loc: locate(childPointer(pointer, error.propertyName)).key,
      fix:
        typeof params['pattern'] === 'string'
          ? `write ${describedOf(error) ?? `a name like ${exampleOf(error) ?? params['pattern']}`}`
          : `it ${error.message ?? 'is not valid'}`,
    };
  switch (error.keyword) {
    case 'required': {
      const key = String(params['missingProperty']);
      return {
        complaint: 'missing',
        pointer,
        message: `missing key ${JSON.stringify(key)}${nameOf(pointer) === '' ? '' : ` in ${nameOf(pointer)}`}`,
        loc: place.key,
        // OpenAPI requires it for path parameters, and `true` is the only valid value.
        fix: key === 'required' ? 'add required: true' : `add ${JSON.stringify(key)}`,
      };
    }
    case 'additionalProperties':
    case 'unevaluatedProperties': {
      const key = String(params['additionalProperty'] ?? params['unevaluatedProperty']);
      const known = knownKeysOf(error.parentSchema);
      return {
        complaint: 'unknown-key',
        pointer: childPointer(pointer, key),
        message: `unknown key ${JSON.stringify(key)}`,
        loc: locate(childPointer(pointer, key)).key,
        fix:
          KEYWORDS_ELSEWHERE.get(key) ??
          (nameOf(pointer) === 'responses' ? 'write a status, such as 200' : undefined) ??
          (pointer === '/paths' ? `begin the path with "/": write /${key}` : undefined) ??
          didYouMean(key, known) ??
          (known.length === 0 ? 'remove or rename it' : `use one of ${list(known)}`),
      };
    }
    case 'enum': {
      const allowed = Array.isArray(params['allowedValues']) ? params['allowedValues'].map(String) : [];
      return {
        complaint: 'unknown-value',
        pointer,
        message: `unknown ${nameOf(pointer) || 'value'} ${shown(value)}`,
        loc: place.value,
        fix:
          (typeof value === 'string' ? (foreignTypes.get(value) ?? didYouMean(value, allowed)) : undefined) ??
          `write one of ${list(allowed)}`,
      };
    }
    case 'const':
      return {
        complaint: 'unknown-value',
        pointer,
        message: `${nameOf(pointer) || 'the value'} must be ${JSON.stringify(params['allowedValue'])}, not ${shown(value)}`,
        loc: place.value,
        fix: `write ${JSON.stringify(params['allowedValue'])}`,
      };
    case 'type': {
      const types = Array.isArray(params['type']) ? params['type'].map(String) : [String(params['type'])];
      return {
        complaint: 'wrong-type',
        pointer,
        message: `${nameOf(pointer) || 'the document'} must be ${types.map(article).join(' or ')}, not ${article(typeName(value))}`,
        loc: place.value,
        fix:
          boundOf(nameOf(pointer), value) ??
          (types.includes('string') && typeof value !== 'object'
            ? 'put it in quotes'
            : types.includes('array') && typeof value === 'string'
              ? `write a list, such as [${value}]`
              : `write ${types.map(article).join(' or ')}`),
      };
    }
    case 'format':
    case 'pattern': {
      const example = error.keyword === 'pattern' ? exampleOf(error) : undefined;
      if (example !== undefined)
        return {
          complaint: 'other',
          pointer,
          message: `${nameOf(pointer)} ${shown(value)} is not valid`,
          loc: place.value,
          fix: `write a value like ${example}`,
        };
      const regex = params['format'] === 'regex';
      const format = params['format'] === undefined ? undefined : `a valid ${String(params['format'])}`;
      const wanted = regex ? 'a regular expression' : (format ?? `text that matches ${String(params['pattern'])}`);
      return {
        complaint: 'other',
        pointer,
        message: `${nameOf(pointer) || 'the value'} ${shown(value)} is not ${wanted}`,
        loc: place.value,
        fix: regex ? 'use the syntax of ECMAScript' : `write ${wanted}`,
      };
    }
    case 'minProperties': {
      const known = knownKeysOf(error.parentSchema);
      return {
        complaint: 'other',
        pointer,
        message: `${nameOf(pointer) || 'the value'} ${params['limit'] === 1 ? 'is empty' : (error.message ?? 'is too short')}`,
        loc: place.value,
        fix: known.length === 0 ? `write at least ${String(params['limit'])}` : `write one of ${list(known)}, or more`,
      };
    }
    case 'minItems':
    case 'minLength':
      return {
        complaint: 'other',
        pointer,
        message: `${nameOf(pointer) || 'the value'} ${params['limit'] === 1 ? 'is empty' : (error.message ?? 'is too short')}`,
        loc: place.value,
        fix: `write at least ${String(params['limit'])}`,
      };
    case 'minimum':
    case 'maximum':
      return {
        complaint: 'other',
        pointer,
        message: `${nameOf(pointer) || 'the value'} ${error.message ?? 'does not fit'}`,
        loc: place.value,
        fix: `write ${String(params['limit'])} or ${error.keyword === 'minimum' ? 'more' : 'less'}`,
      };
    default:
      return {
        complaint: 'other',
        pointer,
        message: `${nameOf(pointer) || 'the document'} ${error.message ?? 'is not valid'}`,
        loc: place.value,
        fix: 'see the standard for what is allowed here',
      };
  }
}

/** The first example of the schema that refused the value. */
function exampleOf({ parentSchema }: SchemaError): string | undefined {
  const examples = isRecord(parentSchema) ? parentSchema['examples'] : undefined;
  return Array.isArray(examples) && typeof examples[0] === 'string' ? examples[0] : undefined;
}

/** The description of the schema that refused the value, with its first example. */
function describedOf(error: SchemaError): string | undefined {
  const words = isRecord(error.parentSchema) ? error.parentSchema['description'] : undefined;
  const example = exampleOf(error);
  return typeof words === 'string' && example !== undefined
    ? `${words}, such as ${JSON.stringify(example)}`
    : undefined;
}

/** The last name in a pointer: an item of a list has the name of the list. */
function nameOf(pointer: string): string {
  return (parsePointer(pointer) ?? []).findLast((token) => !/^\d+$/.test(token)) ?? '';
}

function valueAt(root: JsonValue, pointer: string): JsonValue | undefined {
  let value: JsonValue | undefined = root;
  for (const token of parsePointer(pointer) ?? []) {
    if (isList(value)) value = value[Number(token)];
    else value = isObject(value) && Object.hasOwn(value, token) ? value[token] : undefined;
  }
  return value;
}

function typeName(value: JsonValue | undefined): string {
  if (value === null || value === undefined) return 'null';
  return Array.isArray(value) ? 'array' : typeof value;
}

function article(type: string): string {
  if (type === 'null') return 'null';
  return /^[aeio]/.test(type) ? `an ${type}` : `a ${type}`;
}

function list(names: readonly string[]): string {
  const short = names.slice(0, 12).map((name) => JSON.stringify(name));
  return names.length > 12 ? `${short.join(', ')}, ...` : short.join(', ');
}
