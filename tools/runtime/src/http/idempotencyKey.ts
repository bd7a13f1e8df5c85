import type { OperationContract } from '../contract/operation.ts';
import { REQUEST_HEADER } from './headerNames.ts';
import { invalid, Refusal } from './problem.ts';

const KEY = /^[\x20-\x7e]{1,200}$/;

/**
 * The `Idempotency-Key` of a request if the operation declares it. Throws `Refusal` 400 if it is required and missing,
 * malformed, or sent twice: Node joins two keys to one text, and a client that later repeats only one of them would not
 * get the stored response. `rawHeaders` has the received names and values in turn.
 */
export function idempotencyKeyOf(
  { idempotency }: OperationContract,
  header: string | undefined,
  rawHeaders: readonly string[],
): string | undefined {
  if (idempotency === undefined) return undefined;
  const key = header?.trim();
  if (key === undefined || key === '') {
    if (!idempotency.required) return undefined;
    throw new Refusal({
      code: 'idempotency-key-missing',
      detail: 'send Idempotency-Key: a new one per command, and the same one when you repeat a command',
      errors: [{ pointer: '/header/Idempotency-Key', detail: 'is required' }],
    });
  }
  if (!KEY.test(key))
    throw invalid([{ pointer: '/header/Idempotency-Key', detail: 'must be 1 to 200 printable ASCII characters' }]);
  if (key.includes(', ') && timesSent(rawHeaders) > 1)
    throw invalid([{ pointer: '/header/Idempotency-Key', detail: 'is given more than once' }]);
  return key;
}

function timesSent(rawHeaders: readonly string[]): number {
  return rawHeaders.filter((text, at) => at % 2 === 0 && text.toLowerCase() === REQUEST_HEADER.idempotencyKey).length;
}
