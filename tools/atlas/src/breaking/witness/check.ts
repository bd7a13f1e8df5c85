import { isRecord, type JsonValue } from '@atlas/ir';
import { Ajv2020 } from 'ajv/dist/2020.js';
import formats from 'ajv-formats';
import { allAskingForItems } from '../../emit/http/containing.ts';
import { configuredAjv, namesInherited } from '../../emit/http/configuredAjv.ts';
import type { Id } from '../hashcons/keywords.ts';
import type { Store } from '../hashcons/store.ts';
import { isMultiple, rational } from '../normal/rational.ts';
import { alongValue } from './alongValue.ts';

/** What a validator says about a value; for a refused one, the spot and the keyword that say most. */
export type Verdict =
  | { readonly kind: 'accepted' }
  | { readonly kind: 'refused'; readonly refusals: readonly Refusal[] }
  /** The validator can't be made, or fails on the value. */
  | { readonly kind: 'none' };

export interface Refusal {
  /** JSON Pointer into the value. */
  readonly at: string;
  readonly keyword: string;
  /** The name that is missing or not allowed, if the refusal is about a name. */
  readonly name?: string;
}

/** Judges a value as the validator does that Atlas generates for a schema. */
export function check(store: Store, id: Id, value: JsonValue): Verdict {
  const along = alongValue(store, id, value);
  if (along === undefined) return { kind: 'none' };
  const schema = allAskingForItems(along);
  const own = isRecord(schema) ? schema : { not: {} };
  const ajv = ajvFor(JSON.stringify([schema, value]));
  try {
    const validate = ajv.compile(own);
    ajv.removeSchema(own);
    if (validate(value)) return { kind: 'accepted' };
    const refusals = (validate.errors ?? []).map(({ instancePath, keyword, params }): Refusal => {
      const name: unknown =
        params['missingProperty'] ??
        params['additionalProperty'] ??
        params['unevaluatedProperty'] ??
        params['propertyName'];
      return { at: instancePath, keyword, ...(typeof name === 'string' ? { name } : {}) };
    });
    return { kind: 'refused', refusals };
  } catch {
    // ajv refuses some schemas, and its code for unevaluated members fails on some values, and neither is a verdict
    return { kind: 'none' };
  }
}

/**
 * Ajv's options depend only on `namesInherited`, so two instances are enough. Making one takes longer than compiling.
 */
const instances = new Map<boolean, Ajv2020>();

function ajvFor(words: string): Ajv2020 {
  const inherited = namesInherited(words);
  const known = instances.get(inherited) ?? withDecimals(words);
  instances.set(inherited, known);
  return known;
}

/** Generated validators compare multiples as decimals, with a function of the runtime. ajv itself divides in binary. */
function withDecimals(words: string): Ajv2020 {
  const ajv = configuredAjv({ Ajv2020, addFormats: formats.default }, words, { optimize: false });
  ajv.removeKeyword('multipleOf');
  ajv.addKeyword({
    keyword: 'multipleOf',
    type: 'number',
    schemaType: 'number',
    validate: (divisor: number, value: number) => isMultiple(rational(value), rational(divisor)),
  });
  return ajv;
}

/** Whether the writer's validator accepts the value and the reader's refuses it. */
export function proves(store: Store, writer: Id, reader: Id, value: JsonValue): boolean {
  return check(store, writer, value).kind === 'accepted' && check(store, reader, value).kind === 'refused';
}
