import type { ProblemError } from '../../contract/handler.ts';
import type { Validate } from '../../contract/operation.ts';
import { escapeToken } from '../../pointer.ts';

/** A compiled validator: whether a value is valid, and what the last one was refused for. */
interface SchemaCheck {
  (value: unknown): boolean;
  errors?: readonly ProblemError[] | null;
}

/** The most errors in a response. A client fixes these and sends the request again. */
const MAX_REPORTED = 20;

/** Turns a compiled validator into one of ours: what is wrong and where, at most 20 errors, or nothing. */
export function problems(check: SchemaCheck): Validate {
  return (value) => {
    if (check(value)) return undefined;
    const found = (check.errors ?? []).filter(isCause).slice(0, MAX_REPORTED);
    return found.length > 0 ? found : [{ pointer: '', detail: 'does not fit the schema' }];
  };
}

/** An error without words only says that something inside failed, which has an error of its own. */
function isCause({ detail }: ProblemError): boolean {
  return detail !== '';
}

/**
 * The most errors that a generated validator collects. It counts all of them, because the verdict of `oneOf` and `not`
 * depends on the count, but further ones are neither created nor listed. It is more than are reported, because some are
 * left out of the report.
 */
export const MAX_COLLECTED = 50;

/** Adds an error to those that were found. Pointers are JSON Pointers (RFC 6901). */
export function report(found: ProblemError[] | null, pointer: string, detail: string): ProblemError[] {
  const error = { pointer, detail };
  if (found === null) return [error];
  found.push(error);
  return found;
}

/** The pointer of a member whose name the value chose. */
export function memberOf(pointer: string, name: string): string {
  return `${pointer}/${escapeToken(name)}`;
}

/** Adds the errors of a referenced schema to those of the whole schema, in place, as far as the list has room. */
export function joinErrors(whole: ProblemError[] | null, part: ProblemError[] | null): ProblemError[] | null {
  if (whole === null || part === null) return whole ?? part;
  whole.push(...part);
  return whole;
}
