import type { ProblemError } from '../../contract/handler.ts';
import type { Validate } from '../../contract/operation.ts';
import { escapeToken } from '../../pointer.ts';

/** An error in the form of ajv's compiled code. */
export interface SchemaError {
  /** JSON Pointer (RFC 6901) of the wrong value. */
  readonly instancePath: string;
  readonly keyword: string;
  readonly params: Readonly<Record<string, unknown>>;
  readonly message?: string;
}

interface SchemaCheck {
  (value: unknown): boolean;
  errors?: readonly SchemaError[] | null;
}

/** The most errors in a response. A client fixes these and sends the request again. */
const MAX_REPORTED = 20;

/**
 * Turns a validator in ajv's form into one of ours, which returns what is wrong and where (at most 20 errors), or
 * undefined.
 */
export function problems(check: SchemaCheck): Validate {
  return (value) => {
    if (check(value)) return undefined;
    const found = (check.errors ?? []).filter(isCause).slice(0, MAX_REPORTED).map(problemOf);
    return found.length > 0 ? found : [{ pointer: '', detail: 'does not fit the schema' }];
  };
}

/** An error of `if` only says that something inside failed; the error inside says what. */
function isCause({ keyword }: SchemaError): boolean {
  return keyword !== 'if';
}

function problemOf({ instancePath, keyword, params, message }: SchemaError): ProblemError {
  const at = (member: unknown): string => `${instancePath}/${escapeToken(String(member))}`;
  switch (keyword) {
    case 'required':
    case 'dependentRequired':
      return { pointer: at(params['missingProperty']), detail: 'is required' };
    case 'additionalProperties':
      return { pointer: at(params['additionalProperty']), detail: 'is not a known property' };
    case 'unevaluatedProperties':
      return { pointer: at(params['unevaluatedProperty']), detail: 'is not a known property' };
    case 'false schema':
      return { pointer: instancePath, detail: 'must not be sent' };
    case 'enum':
      return { pointer: instancePath, detail: `must be one of ${listed(params['allowedValues'])}` };
    case 'const':
      return { pointer: instancePath, detail: `must be ${JSON.stringify(params['allowedValue'])}` };
    case 'format':
      return { pointer: instancePath, detail: `must be a valid ${String(params['format'])}` };
    default:
      return { pointer: instancePath, detail: (message ?? 'does not fit the schema').replace('must NOT', 'must not') };
  }
}

function listed(values: unknown): string {
  const list: readonly unknown[] = Array.isArray(values) ? values : [];
  const shown = list.slice(0, 10).map((value) => JSON.stringify(value));
  return list.length > shown.length ? `${shown.join(', ')}, ...` : shown.join(', ');
}

/**
 * The most errors that a generated validator collects. It counts all of them, because the verdict of `oneOf` and `not`
 * depends on the count, but further ones are neither created nor listed. It is more than are reported, because some are
 * left out of the report.
 */
export const MAX_COLLECTED = 50;

/** Adds the errors of a referenced schema to those of the whole schema, in place, as far as the list has room. */
export function joinErrors(whole: SchemaError[] | null, part: SchemaError[] | null): SchemaError[] | null {
  if (whole === null || part === null) return whole ?? part;
  whole.push(...part);
  return whole;
}
