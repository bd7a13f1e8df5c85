import type { PGlite } from '@electric-sql/pglite';
import { startPostgres } from './postgres.ts';

/** Why Postgres refused a statement. */
export interface SqlFailure {
  /** SQLSTATE, such as 42703. */
  readonly code: string;
  readonly message: string;
  readonly constraint?: string;
  readonly column?: string;
  /** 1-based character in the statement, if the server says one. */
  readonly position?: number;
}

/** As which role statements run (the owner if absent), and whether rows may lack the rows that they refer to. */
export interface Trial {
  readonly role?: string;
  readonly orphans?: true;
}

/** An empty schema in a database of this process, which is dropped at the end. */
export interface Database extends AsyncDisposable {
  /** Begins a transaction. */
  begin(): Promise<void>;
  /** Ends the transaction. Gives the failure if nothing of it was kept. */
  end(how: 'COMMIT' | 'ROLLBACK'): Promise<SqlFailure | undefined>;
  /** Runs statements. Gives the failure of the one that was refused. */
  attempt(sql: string): Promise<SqlFailure | undefined>;
  /** Runs statements and undoes their effect, even if they succeed. */
  tried(sql: readonly string[], how: Trial): Promise<SqlFailure | undefined>;
  /** The rows of a query without parameters. */
  rows(sql: string): Promise<readonly unknown[]>;
}

/** Starting one takes a second, so a process that runs several comparisons starts it once. */
let started: Promise<PGlite> | undefined;
let schemas = 0;

/**
 * A schema in PostgreSQL as WebAssembly (PGlite), without files or network. `role` is created if it does not exist yet,
 * so that migrations grant rights to it.
 */
export async function openDatabase(role: string): Promise<Database> {
  started ??= startPostgres();
  const pg = await started;
  schemas += 1;
  const schema = `atlas_${schemas}`;
  const name = identifier(role);
  const { rows } = await pg.query('SELECT 1 FROM pg_roles WHERE rolname = $1', [role]);
  if (rows.length === 0) await pg.exec(`CREATE ROLE ${name}`);
  await pg.exec(`CREATE SCHEMA ${schema}; SET search_path = ${schema}; GRANT USAGE ON SCHEMA ${schema} TO ${name}`);
  const attempt = async (sql: string): Promise<SqlFailure | undefined> => {
    try {
      await pg.exec(sql);
      return undefined;
    } catch (error) {
      return failureOf(error);
    }
  };
  let inside = false;
  return {
    attempt,
    async begin() {
      await pg.exec('BEGIN');
      inside = true;
    },
    end(how) {
      inside = false;
      return attempt(how);
    },
    async tried(sql, { role: asRole, orphans }) {
      // In one message, because a message costs more than most statements.
      const failure = await attempt(
        [
          inside ? 'SAVEPOINT atlas_try' : 'BEGIN',
          ...(orphans ? ['SET LOCAL session_replication_role = replica'] : []),
          ...(asRole === undefined ? [] : [`SET LOCAL ROLE ${identifier(asRole)}`]),
          ...sql,
          // A transaction ends here, so this is what the end of a transaction checks.
          'SET CONSTRAINTS ALL IMMEDIATE',
        ].join(';\n'),
      );
      await pg.exec(inside ? 'ROLLBACK TO atlas_try; RELEASE atlas_try' : 'ROLLBACK');
      return failure;
    },
    rows: async (sql) => (await pg.query(sql)).rows,
    async [Symbol.asyncDispose]() {
      await attempt('ROLLBACK');
      await pg.exec(`RESET ALL; DROP SCHEMA ${schema} CASCADE`);
    },
  };
}

/** A name as SQL writes it. */
export function identifier(name: string): string {
  return /^[a-z_][a-z0-9_]*$/.test(name) ? name : `"${name.replaceAll('"', '""')}"`;
}

function failureOf(error: unknown): SqlFailure {
  const text = (key: string): string | undefined => {
    const value: unknown = typeof error === 'object' && error !== null ? Reflect.get(error, key) : undefined;
    return typeof value === 'string' && value !== '' ? value : undefined;
  };
  const [code, constraint, column, position] = ['code', 'constraint', 'column', 'position'].map(text);
  // A failure without a SQLSTATE is PGlite's own, and says nothing about the statement.
  if (code === undefined) throw error;
  return {
    code,
    message: text('message') ?? code,
    ...(constraint === undefined ? {} : { constraint }),
    ...(column === undefined ? {} : { column }),
    ...(position === undefined ? {} : { position: Number(position) }),
  };
}
