import type { OperationContract } from '../contract/operation.ts';
import { REQUEST_HEADER } from './headerNames.ts';
import { invalid, Refusal } from './problem.ts';

const KEY = /^[\x20-\x7e]{1,200}$/;

/**
 * `Idempotency-Key` where the operation declares it. Throws 400 where it is required and missing, unfit to be one, or
 * sent twice: Node joins the two to one text, and a client that repeats only one of them would not get its answer.
 * `rawHeaders` are names and values in turn, as they came.
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
      detail: 'send Idempotency-Key: a new one per command, the same again when you repeat it',
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
