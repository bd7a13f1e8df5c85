import pg from 'pg';
import {
  BackendTerminatedError,
  BackendTerminatedUnexpectedlyError,
  CheckExclusionConstraintViolationError,
  CheckIntegrityConstraintViolationError,
  ForeignKeyIntegrityConstraintViolationError,
  IdleTransactionTimeoutError,
  InputSyntaxError,
  InvalidInputError,
  NotNullIntegrityConstraintViolationError,
  StatementCancelledError,
  StatementTimeoutError,
  UniqueIntegrityConstraintViolationError,
} from 'slonik';
import type { PgStatement } from './exchange.ts';

/** Turns an error of pg into the class that slonik's own driver would throw, because handlers may look for it. */
export function slonikError(error: unknown, about?: PgStatement): unknown {
  if (!(error instanceof Error)) return error;
  if (/connection terminated unexpectedly/i.test(error.message)) return new BackendTerminatedUnexpectedlyError(error);
  if (/connection terminated/i.test(error.message)) return new BackendTerminatedError(error);
  if (!(error instanceof pg.DatabaseError)) return error;
  // cast: slonik reads optional properties, which pg declares as possibly undefined
  const cause = error as Error as ConstructorParameters<typeof UniqueIntegrityConstraintViolationError>[0];
  switch (error.code) {
    case '22P02':
      return new InvalidInputError(error.message);
    case '23502':
      return new NotNullIntegrityConstraintViolationError(cause);
    case '23503':
      return new ForeignKeyIntegrityConstraintViolationError(cause);
    case '23505':
      return new UniqueIntegrityConstraintViolationError(cause);
    case '23P01':
      return new CheckExclusionConstraintViolationError(cause);
    case '23514':
      return new CheckIntegrityConstraintViolationError(cause);
    case '25P03':
      return new IdleTransactionTimeoutError(error);
    case '42601':
      return about === undefined ? error : new InputSyntaxError(error, { sql: about.text, values: [] });
    case '57014':
      return error.message.includes('due to user request')
        ? new StatementCancelledError(error)
        : new StatementTimeoutError(error);
    case '57P01':
      return new BackendTerminatedError(error);
    default:
      return error;
  }
}
