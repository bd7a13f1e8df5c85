import type pg from 'pg';
import { AtlasError } from '../../contract/atlasError.ts';
import { Exchange, type PgResult, type PgStatement } from './exchange.ts';
import { slonikError } from './slonikError.ts';
import { isConnectionLost } from './sqlState.ts';

const BEGIN: PgStatement = { name: 'atlas_begin', text: 'BEGIN' };
const COMMIT: PgStatement = { name: 'atlas_commit', text: 'COMMIT' };
const ROLLBACK: PgStatement = { name: 'atlas_rollback', text: 'ROLLBACK' };

/**
 * A connection whose transactions need two round trips fewer: BEGIN is sent with the first statement, and COMMIT with
 * the last one. A transaction without statements sends nothing.
 */
export class TransactionClient {
  readonly #client: pg.Client;
  readonly #types: pg.CustomTypesConfig;
  #begins = false;
  #over = false;
  #last: { readonly statements: readonly PgStatement[]; readonly take: (rows: PgResult['rows']) => void } | undefined;

  constructor(client: pg.Client, types: pg.CustomTypesConfig) {
    this.#client = client;
    this.#types = types;
  }

  /** Called when the pool lends the connection. */
  acquired(): void {
    this.#over = false;
  }

  begin(): void {
    this.#begins = true;
    this.#last = undefined;
  }

  /**
   * Throws `AtlasError` ATLAS_SESSION after COMMIT or ROLLBACK: work that does not await its statements may send one
   * then, and it would run outside of any transaction.
   */
  async query(statement: PgStatement): Promise<PgResult> {
    if (this.#over) throw new AtlasError('ATLAS_SESSION', 'the transaction is over: this statement came too late');
    const results = await this.#run([...this.#opening(), statement], statement);
    const result = results.at(-1);
    if (!result) throw new AtlasError('ATLAS_SESSION', 'the server did not answer a statement');
    return result;
  }

  /** Resolves once BEGIN was sent, for statements that do not go through `query`. */
  async started(): Promise<void> {
    const opening = this.#opening();
    if (opening.length > 0) await this.#run(opening);
  }

  /** Keeps statements for `commit`. After the commit, `take` gets the rows of the last one. */
  endWith(statements: readonly PgStatement[], take: (rows: PgResult['rows']) => void): void {
    this.#last = { statements, take };
  }

  /**
   * Sends the statements of `endWith` and COMMIT. The server commits only if all of them succeed. Throws `AtlasError`
   * ATLAS_TRANSACTION_ABORTED if an earlier statement has failed.
   */
  async commit(): Promise<void> {
    this.#over = true;
    const last = this.#last;
    if (last === undefined && this.#begins) {
      this.#begins = false;
      return;
    }
    const statements = [...(last?.statements ?? []), COMMIT];
    const results = await this.#run([...this.#opening(), ...statements], last?.statements.at(-1));
    // after a failed statement, Postgres answers COMMIT with ROLLBACK, without an error: work that caught the failure
    // would believe that it is committed
    if (results.at(-1)?.command === 'ROLLBACK') {
      throw new AtlasError(
        'ATLAS_TRANSACTION_ABORTED',
        'a statement failed and its error was caught, so the transaction was rolled back: do not catch such errors',
      );
    }
    last?.take(results.at(-2)?.rows ?? []);
  }

  async rollback(): Promise<void> {
    this.#over = true;
    if (this.#opening().length > 0) return;
    // a server that has lost the connection rolls back, and the original error is more helpful than this one
    await this.#run([ROLLBACK]).catch((error: unknown) => {
      if (!isConnectionLost(error)) throw error;
    });
  }

  /** BEGIN, if it was not sent yet. */
  #opening(): readonly PgStatement[] {
    if (!this.#begins) return [];
    this.#begins = false;
    return [BEGIN];
  }

  /** `about` is the statement that an error is about. */
  async #run(statements: readonly PgStatement[], about?: PgStatement): Promise<readonly PgResult[]> {
    try {
      return await this.#client.query(new Exchange(statements, this.#types)).results;
    } catch (error) {
      throw slonikError(error, about);
    }
  }
}
