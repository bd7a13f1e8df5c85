import pg from 'pg';
import type { BreakingFinding } from '../finding.ts';

/** The same tables twice in a real Postgres: as the release before leaves them, and with the new migration. */
export class TwoSchemas {
  readonly #admin: pg.Client;
  readonly #old: pg.Client;
  readonly #new: pg.Client;
  readonly #name: string;

  private constructor(url: string, name: string) {
    const own = new URL(url);
    own.pathname = `/${name}`;
    this.#name = name;
    this.#admin = new pg.Client({ connectionString: url });
    [this.#old, this.#new] = [
      new pg.Client({ connectionString: own.href, options: '-c search_path=old' }),
      new pg.Client({ connectionString: own.href, options: '-c search_path=new' }),
    ];
  }

  /** Makes a database on the server. The caller closes it. */
  static async open(adminUrl: string): Promise<TwoSchemas> {
    const made = new TwoSchemas(adminUrl, `migrations_${process.pid}`);
    await made.#admin.connect();
    await made.#admin.query(`DROP DATABASE IF EXISTS ${made.#name} WITH (FORCE)`);
    await made.#admin.query(`CREATE DATABASE ${made.#name}`);
    await Promise.all([made.#old.connect(), made.#new.connect()]);
    return made;
  }

  async close(): Promise<void> {
    await Promise.all([this.#old.end(), this.#new.end()]);
    await this.#admin.query(`DROP DATABASE IF EXISTS ${this.#name} WITH (FORCE)`);
    await this.#admin.end();
  }

  /** Makes both schemas anew. Gives the reason if the server refuses the new migration. */
  async make(released: string, migration: string): Promise<string | undefined> {
    for (const [client, schema] of [
      [this.#old, 'old'],
      [this.#new, 'new'],
    ] as const)
      await client.query(`DROP SCHEMA IF EXISTS ${schema} CASCADE; CREATE SCHEMA ${schema}; ${released}`);
    return failureOf(this.#new, migration);
  }

  /** Runs a statement in both. Gives the reason if the old schema accepts it and the new one does not. */
  async broken(sql: string): Promise<string | undefined> {
    return (await failureOf(this.#old, sql)) === undefined ? failureOf(this.#new, sql) : undefined;
  }

  /**
   * Why the witness of a finding proves nothing; undefined if it does. If the migration has one edit, the server must
   * say what the finding says.
   */
  async unfit({ witness }: BreakingFinding, isOnlyEdit: boolean): Promise<string | undefined> {
    const { value, shown = '' } = witness ?? {};
    if (typeof value !== 'string') return 'there is no witness';
    const code = /^-- ([0-9A-Z]{5}): /m.exec(shown)?.[1];
    // A statement with parameters can only be planned.
    const sql = /\$\d/.test(value)
      ? `EXPLAIN (GENERIC_PLAN) ${value}`
      : `BEGIN; ${value}; SET CONSTRAINTS ALL IMMEDIATE`;
    const answers: (string | undefined)[] = [];
    for (const client of [this.#old, this.#new]) {
      answers.push(await failureOf(client, sql));
      await client.query('ROLLBACK');
    }
    const [before, after] = answers;
    if (before !== undefined) return `the old schema refuses its witness: ${before}`;
    if (after === undefined) return 'the new schema accepts its witness';
    return after.startsWith(`${code}: `) || !isOnlyEdit ? undefined : `it says ${code}, and the server says ${after}`;
  }
}

async function failureOf(client: pg.Client, sql: string): Promise<string | undefined> {
  try {
    await client.query(sql);
    return undefined;
  } catch (error) {
    if (error instanceof pg.DatabaseError) return `${error.code}: ${error.message}`;
    throw error;
  }
}
