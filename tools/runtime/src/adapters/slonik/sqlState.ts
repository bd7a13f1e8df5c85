import {
  BackendTerminatedError,
  BackendTerminatedUnexpectedlyError,
  ConnectionError,
  UniqueIntegrityConstraintViolationError,
} from 'slonik';

/**
 * 08P01 means that a message was wrong, for example because values do not fit their statement. The connection is not
 * lost then.
 */
const LOST = /^(08(?!P01)|57P)/;

/** The SQLSTATE of an error (PostgreSQL, appendix A), which slonik wraps in `cause`. Undefined if it has none. */
export function sqlStateOf(error: unknown): string | undefined {
  return codeOf(error, /^[0-9A-Z]{5}$/);
}

/** Serialization failure or deadlock: the transaction was rolled back, and may succeed if it runs again. */
export function isRetriable(error: unknown): boolean {
  const state = sqlStateOf(error);
  return state === '40001' || state === '40P01';
}

/** The server is available and says why it refused, so it has rolled back. */
export function isRefusal(error: unknown): boolean {
  const state = sqlStateOf(error);
  return state !== undefined && !LOST.test(state);
}

/**
 * The server answers but refuses this name, password or database. For running work this is a lost connection like any
 * other, because a password may be changed meanwhile.
 */
export function isNotLetIn(error: unknown): boolean {
  return /^(28|3D)/.test(sqlStateOf(error) ?? '');
}

/** The connection is lost or not usable any more. */
export function isConnectionLost(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  return (
    error instanceof BackendTerminatedError ||
    error instanceof BackendTerminatedUnexpectedlyError ||
    error instanceof ConnectionError ||
    LOST.test(sqlStateOf(error) ?? '') ||
    codeOf(error, /^(ECONN|EPIPE|ETIMEDOUT|EHOSTUNREACH|ENOTFOUND|ENOENT)/) !== undefined ||
    // the exact texts of pg, because an error of a handler may contain similar words
    /^Connection terminated|^timeout expired$|^Client (has encountered a connection error|was closed) and is not queryable$/.test(
      error.message,
    )
  );
}

/** The unique index that has the row already. */
export function constraintOf(error: unknown): string | undefined {
  return error instanceof UniqueIntegrityConstraintViolationError ? (error.constraint ?? undefined) : undefined;
}

function codeOf(error: unknown, form: RegExp): string | undefined {
  for (let cause = error, depth = 0; cause instanceof Error && depth < 5; cause = cause.cause, depth++) {
    if ('code' in cause && typeof cause.code === 'string' && form.test(cause.code)) return cause.code;
  }
  return undefined;
}
