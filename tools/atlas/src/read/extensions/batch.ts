import { EXTENSION, isObject, type BatchPolicy } from '@atlas/ir';
import type { Finding } from '../../diagnostics/diagnostic.ts';
import type { Cursor } from '../../document/cursor.ts';
import { didYouMean } from '../../document/suggest.ts';

/** A set of one message gains nothing, and a larger one keeps its transaction open for too long. */
const MIN = 2;
const MAX = 1_000;
const FIX = `write {max: 500}, with a whole number from ${MIN} to ${MAX}`;

export interface BatchView {
  /** Absent if the operation has no `x-atlas-batch`. */
  readonly cursor?: Cursor;
  /** Absent if the operation has no `x-atlas-batch`, or an invalid one. */
  readonly policy?: BatchPolicy;
  readonly findings: readonly Finding[];
}

/** Reads `x-atlas-batch: {max}` of an operation. Each invalid part is a finding of its own. */
export function batchOf(operation: Cursor): BatchView {
  const cursor = operation.get(EXTENSION.batch);
  if (!cursor) return { findings: [] };
  if (!isObject(cursor.value))
    return { cursor, findings: [{ message: 'x-atlas-batch is not an object', loc: cursor.valueLoc, fix: FIX }] };
  const max = cursor.get('max');
  const number = max?.number();
  const valid = number !== undefined && Number.isInteger(number) && number >= MIN && number <= MAX;
  const findings: Finding[] = cursor.entries().flatMap(([key, { loc }]) =>
    key === 'max'
      ? []
      : [
          {
            message: `unknown key ${JSON.stringify(key)} in x-atlas-batch`,
            loc,
            fix: didYouMean(key, ['max']) ?? 'remove it',
          },
        ],
  );
  if (!valid) {
    const message = max ? `max must be a whole number from ${MIN} to ${MAX}` : 'x-atlas-batch has no max';
    findings.push({ message, loc: (max ?? cursor).valueLoc, fix: FIX });
  }
  return { cursor, ...(valid ? { policy: { max: number } } : {}), findings };
}

/**
 * The name of the handler of a message: `on<Message>`, or, with sets, the key of the operation for all its messages.
 */
export function handlerOf(operation: string, message: string, batch: BatchPolicy | undefined): string {
  return batch ? operation : `on${message}`;
}
