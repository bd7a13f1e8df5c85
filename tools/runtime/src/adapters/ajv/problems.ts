import type { ProblemError } from '../../contract/handler.ts';
import type { Validate } from '../../contract/operation.ts';

/** An error as ajv's compiled code reports it. */
export interface SchemaError {
  /** JSON Pointer (RFC 6901) of the value that was refused. */
  readonly instancePath: string;
  readonly keyword: string;
  readonly params: Readonly<Record<string, unknown>>;
  readonly message?: string;
}

interface SchemaCheck {
  (value: unknown): boolean;
  errors?: readonly SchemaError[] | null;
}

/** An answer that lists more is a waste: the client mends the first and asks again. */
const MOST = 20;

/** A validator of ajv's shape as one of ours: what is wrong and where, or nothing; at most 20 findings. */
export function problems(check: SchemaCheck): Validate {
  return (value) => {
    if (check(value)) return undefined;
    const found = (check.errors ?? []).filter(isCause).slice(0, MOST).map(problemOf);
    return found.length > 0 ? found : [{ pointer: '', detail: 'does not fit the schema' }];
  };
}

/** `if`/`then` and the like only say that something inside failed, and the inside says it better. */
function isCause({ keyword }: SchemaError): boolean {
  return keyword !== 'if';
}

function problemOf({ instancePath, keyword, params, message }: SchemaError): ProblemError {
  const at = (member: unknown): string => `${instancePath}/${escapePointer(String(member))}`;
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

/** RFC 6901, section 3. */
function escapePointer(member: string): string {
  return member.replaceAll('~', '~0').replaceAll('/', '~1');
}

/** More findings help nobody. */
const MOST_JOINED = 50;

/**
 * Adds the errors of a part to those of the whole, in place. Generated validators join here instead of copying the list
 * each time, which took time in the square of the errors: 100,000 bad items were a denial of service. Dropping errors
 * beyond the cap is safe: every scope that is still open has failed already, or began after that point.
 */
export function joinErrors(whole: SchemaError[] | null, part: SchemaError[]): SchemaError[] {
  if (whole === null) return part;
  for (const error of part) {
    if (whole.length >= MOST_JOINED) break;
    whole.push(error);
  }
  return whole;
}
