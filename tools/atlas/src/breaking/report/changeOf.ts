import { isList, isObject, type JsonValue } from '@atlas/ir';
import { partsIn } from '../../jsonschema/walk.ts';
import type { Refusal } from '../witness/check.ts';

export interface Change {
  readonly change: string;
  readonly message: string;
  /** The member of an object that is missing or refused. */
  readonly name?: string;
}

/** Keywords that only say that something inside them failed. */
const WRAPPERS: ReadonlySet<string> = new Set(['allOf', 'if', 'then', 'else', 'propertyNames', 'dependentSchemas']);
const SOFT: ReadonlySet<string> = new Set(['anyOf', 'oneOf', 'not']);

/** The refusal that says most: at the value itself, and not from a wrapper if there is another one. */
export function mainRefusal(refusals: readonly Refusal[]): Refusal | undefined {
  const telling = refusals.filter(({ keyword }) => !WRAPPERS.has(keyword));
  const branch = telling.find(({ keyword }) => SOFT.has(keyword));
  return branch ?? telling[0] ?? refusals[0];
}

/** Names a change by the keyword with which the reader refuses what the writer accepts. */
export function changeOf(
  refusal: Refusal | undefined,
  old: JsonValue,
  next: JsonValue,
  spot: JsonValue,
  acceptedBy: 'old' | 'new',
): Change {
  const narrowed = acceptedBy === 'old';
  const keyword = refusal?.keyword ?? 'schema';
  const name = refusal?.name === undefined ? 'a property' : JSON.stringify(refusal.name);
  const member = refusal?.name === undefined ? {} : { name: refusal.name };
  switch (keyword) {
    case 'required':
    case 'dependentRequired':
      if (narrowed)
        return declares(old, refusal?.name)
          ? { change: 'property-became-required', message: `${name} became required`, ...member }
          : { change: 'required-property-added', message: `${name} was added and is required`, ...member };
      return declares(next, refusal?.name)
        ? { change: 'property-became-optional', message: `${name} may be missing now`, ...member }
        : { change: 'property-removed', message: `${name} was removed`, ...member };
    case 'additionalProperties':
    case 'unevaluatedProperties':
    case 'false schema':
      return narrowed
        ? { change: 'property-refused', message: `${name} is refused now`, ...member }
        : { change: 'property-added', message: `${name} is sent now, and the old schema refuses it`, ...member };
    case 'enum':
    case 'const':
      return narrowed
        ? { change: 'enum-value-removed', message: 'a value is no longer accepted' }
        : { change: 'enum-value-added', message: 'a value is sent now that the old schema does not know' };
    case 'anyOf':
    case 'oneOf':
      return narrowed
        ? { change: 'variant-narrowed', message: 'no variant accepts what one accepted before' }
        : { change: 'variant-widened', message: 'a variant is sent now that the old schema does not know' };
    case 'type':
      return narrowed
        ? { change: 'type-narrowed', message: `${kindOf(spot)} is refused now` }
        : { change: 'type-widened', message: `${kindOf(spot)} is sent now, and the old schema refuses it` };
    default: {
      const words = kebab(keyword);
      return narrowed
        ? { change: `${words}-narrowed`, message: `${keyword} refuses what was accepted before` }
        : { change: `${words}-widened`, message: `${keyword} lets values pass that the old schema refuses` };
    }
  }
}

function declares(schema: JsonValue, name: string | undefined): boolean {
  return (
    name !== undefined &&
    partsIn(schema, () => undefined).some(({ properties }) => isObject(properties) && Object.hasOwn(properties, name))
  );
}

/** The word for the kind of the value at which the schemas differ. */
function kindOf(value: JsonValue): string {
  if (value === null) return 'null';
  if (isList(value)) return 'a list';
  if (isObject(value)) return 'an object';
  return typeof value === 'number' && Number.isInteger(value) ? 'a whole number' : `a ${typeof value}`;
}

/** A keyword as ids of changes write it. */
export function kebab(keyword: string): string {
  return keyword.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`).replaceAll(' ', '-');
}
