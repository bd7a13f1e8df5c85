import type { ProblemError } from '../../contract/handler.ts';
import type { Validate } from '../../contract/operation.ts';
import { escapeToken } from '../../pointer.ts';
import { forgetOutcomes } from './judgeOnce.ts';

/** A compiled validator. It says whether a value is valid; `errors` says what is wrong with the last one. */
interface SchemaCheck {
  (value: unknown): boolean;
  errors?: readonly ProblemError[] | null;
}

/** The most errors in a response. A client fixes these and sends the request again. */
const MAX_REPORTED = 20;

/** Turns a compiled validator into one of ours: what is wrong and where, at most 20 errors, or nothing. */
export function problems(check: SchemaCheck): Validate {
  return (value) => {
    try {
      if (check(value)) return undefined;
    } finally {
      forgetOutcomes();
    }
    const found = withoutCopies((check.errors ?? []).filter(isCause)).slice(0, MAX_REPORTED);
    return found.length > 0 ? found : [{ pointer: '', detail: 'does not fit the schema' }];
  };
}

/** Each error once: several parts of a schema may say the same of a value. */
function withoutCopies(errors: readonly ProblemError[]): readonly ProblemError[] {
  const seen = new Set<string>();
  return errors.filter(({ pointer, detail }) => seen.size < seen.add(`${pointer} ${detail}`).size);
}

/** An error without a text only says that a schema inside failed, and that one has an error of its own. */
function isCause({ detail }: ProblemError): boolean {
  return detail !== '';
}

/**
 * The most errors that a generated validator lists. It counts further ones, because the verdict of `oneOf` and `not`
 * depends on the count, but does not create them. The limit is above `MAX_REPORTED`, because some errors are left out
 * of the report.
 */
export const MAX_COLLECTED = 50;

/** Adds an error to those that were found. Pointers are JSON Pointers (RFC 6901). */
export function report(found: ProblemError[] | null, pointer: string, detail: string): ProblemError[] {
  const error = { pointer, detail };
  if (found === null) return [error];
  found.push(error);
  return found;
}

/** The pointer of a member whose name comes from the value and not from the schema. */
export function memberOf(pointer: string, name: string): string {
  return `${pointer}/${escapeToken(name)}`;
}

/** Adds the errors of a referenced schema to those of the whole schema, in place. `room` keeps the list short. */
export function joinErrors(whole: ProblemError[] | null, part: ProblemError[] | null): ProblemError[] | null {
  if (whole === null || part === null) return whole ?? part;
  whole.push(...part);
  return whole;
}
