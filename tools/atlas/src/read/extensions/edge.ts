import { EXTENSION, isSafe, type CacheRule, type HttpMethod, type JsonValue } from '@atlas/ir';
import type { Finding } from '../../diagnostics/diagnostic.ts';
import type { Cursor } from '../../document/cursor.ts';
import { didYouMean } from '../../document/suggest.ts';
import { durationMs } from './retry.ts';

/** A day, because people do not expect older answers. */
const MAX_AGE_SECONDS = 24 * 60 * 60;
/** The longest time that a connection and a client may have to wait. */
const MAX_TIMEOUT_MS = 5 * 60_000;
const MAX_BODY_BYTES = 1024 ** 3;
const CACHE_KEYS = ['maxAge', 'scope'];

/** `x-atlas-cache: {maxAge: 60s, scope: principal}` of an operation. Undefined if there is none, or it is wrong. */
export function cacheOf(operation: Cursor): CacheRule | undefined {
  const rule = operation.get(EXTENSION.cache);
  const ms = durationMs(rule?.get('maxAge')?.string());
  const scope = rule?.get('scope')?.string();
  if (ms === undefined || ms % 1000 !== 0 || (scope !== 'principal' && scope !== 'public')) return undefined;
  return ms / 1000 <= MAX_AGE_SECONDS ? { maxAgeSeconds: ms / 1000, scope } : undefined;
}

/** `x-atlas-timeout: 5s` of an operation in milliseconds. Undefined if there is none, or it is wrong. */
export function timeoutOf(operation: Cursor): number | undefined {
  const ms = durationMs(operation.get(EXTENSION.timeout)?.string());
  return ms !== undefined && ms <= MAX_TIMEOUT_MS ? ms : undefined;
}

/** `x-atlas-body-limit: 65536` of an operation in bytes. Undefined if there is none, or it is wrong. */
export function bodyLimitOf(operation: Cursor): number | undefined {
  return bodyLimitIn(operation.get(EXTENSION.bodyLimit)?.value);
}

/** The same for the value of the key. */
export function bodyLimitIn(value: JsonValue | undefined): number | undefined {
  const isLimit = typeof value === 'number' && Number.isInteger(value) && value >= 1 && value <= MAX_BODY_BYTES;
  return isLimit ? value : undefined;
}

/** `x-atlas-sunset: 2027-06-30` of an operation, with its place. */
export function sunsetOf(operation: Cursor): Cursor | undefined {
  return operation.get(EXTENSION.sunset);
}

/** What is wrong with the keys of an operation that a gateway follows. */
export function* edgeFindings(method: HttpMethod, operation: Cursor): Generator<Finding> {
  const cache = operation.get(EXTENSION.cache);
  if (cache) yield* cacheFindings(method, cache, cacheOf(operation) !== undefined);
  const timeout = operation.get(EXTENSION.timeout);
  if (timeout && timeoutOf(operation) === undefined)
    yield {
      message: 'x-atlas-timeout is not a duration of at most 5 minutes',
      loc: timeout.valueLoc,
      fix: 'write a duration such as 500ms or 5s',
    };
  const limit = operation.get(EXTENSION.bodyLimit);
  if (!limit) return;
  if (bodyLimitOf(operation) === undefined)
    yield {
      message: `x-atlas-body-limit is not a number of bytes from 1 to ${MAX_BODY_BYTES}`,
      loc: limit.valueLoc,
      fix: 'write the number of bytes, such as 65536',
    };
  else if (!operation.get('requestBody'))
    yield { message: 'x-atlas-body-limit needs a requestBody', loc: limit.loc, fix: 'remove it' };
}

function* cacheFindings(method: HttpMethod, cache: Cursor, isRule: boolean): Generator<Finding> {
  if (!isSafe(method) || method === 'options')
    yield {
      message: `x-atlas-cache on ${method.toUpperCase()}, whose answers must not be given again`,
      loc: cache.loc,
      fix: 'remove it, or move it to a GET',
    };
  for (const [key, value] of cache.entries())
    if (!CACHE_KEYS.includes(key))
      yield {
        message: `unknown key ${JSON.stringify(key)} in x-atlas-cache`,
        loc: value.loc,
        fix: didYouMean(key, CACHE_KEYS) ?? `use ${CACHE_KEYS.join(' and ')}`,
      };
  if (!isRule)
    yield {
      message: 'x-atlas-cache is not {maxAge, scope}, with whole seconds up to a day and principal or public',
      loc: cache.valueLoc,
      fix: 'write {maxAge: 60s, scope: principal}',
    };
}
