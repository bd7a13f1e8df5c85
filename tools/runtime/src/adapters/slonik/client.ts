import type pg from 'pg';
import { AtlasError } from '../../contract/atlasError.ts';
import { Exchange, type PgResult, type PgStatement } from './exchange.ts';
import { slonikError } from './slonikError.ts';
import { isConnectionLost } from './sqlState.ts';

const BEGIN: PgStatement = { name: 'atlas_begin', text: 'BEGIN' };
const COMMIT: PgStatement = { name: 'atlas_commit', text: 'COMMIT' };
const ROLLBACK: PgStatement = { name: 'atlas_rollback', text: 'ROLLBACK' };

/** A statement that waits to be sent. Without `answer`, nobody reads its result. */
interface Waiting {
  readonly statement: PgStatement;
  readonly answer?: PromiseWithResolvers<PgResult>;
}

/**
 * A connection whose transactions need fewer round trips: BEGIN is sent with the first statement, COMMIT with the last
 * one, and statements of one moment go together. A transaction without statements sends nothing.
 */
export class TransactionClient {
  readonly #client: pg.Client;
  readonly #types: pg.CustomTypesConfig;
  #inTransaction = false;
  #begins = false;
  #over = false;
  #waiting: Waiting[] = [];
  /** Never rejects. Undefined while no statement is under way. */
  #sending: Promise<void> | undefined;
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
    this.#inTransaction = true;
    this.#begins = true;
    this.#last = undefined;
    this.#waiting = [];
  }

  /**
   * Throws `AtlasError` ATLAS_SESSION after COMMIT or ROLLBACK: work that does not await its statements may send one
   * then, and it would run outside of any transaction.
   */
  async query(statement: PgStatement): Promise<PgResult> {
    this.#checkOpen();
    const answer = Promise.withResolvers<PgResult>();
    this.#waiting.push({ statement, answer });
    this.#sending ??= Promise.resolve().then(() => this.#sendWaiting());
    return answer.promise;
  }

  /**
   * Keeps a statement until the next one is sent, or COMMIT. If it fails, that one fails with its error, and the server
   * does not commit. Throws like `query`.
   */
  queue(statement: PgStatement): void {
    this.#checkOpen();
    this.#waiting.push({ statement });
  }

  /** Resolves once BEGIN and the queued statements were sent, for statements that do not go through `query`. */
  async started(): Promise<void> {
    await this.#sending;
    const statements = [...this.#opening(), ...this.#queued()];
    if (statements.length > 0) await this.#run(statements);
  }

  /** Keeps statements for `commit`. After the commit, `take` gets the rows of the last one. */
  endWith(statements: readonly PgStatement[], take: (rows: PgResult['rows']) => void): void {
    this.#last = { statements, take };
  }

  /**
   * Sends the queued statements, those of `endWith`, and COMMIT. The server commits only if all of them succeed. Throws
   * `AtlasError` ATLAS_TRANSACTION_ABORTED if an earlier statement has failed.
   */
  async commit(): Promise<void> {
    this.#over = true;
    await this.#sending;
    this.#inTransaction = false;
    const last = this.#last;
    const statements = [...this.#queued(), ...(last?.statements ?? [])];
    if (statements.length === 0 && this.#begins) {
      this.#begins = false;
      return;
    }
    const results = await this.#run([...this.#opening(), ...statements, COMMIT]);
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
    await this.#sending;
    this.#inTransaction = false;
    this.#waiting = [];
    if (this.#opening().length > 0) return;
    // a server that has lost the connection rolls back, and the original error is more helpful than this one
    await this.#run([ROLLBACK]).catch((error: unknown) => {
      if (!isConnectionLost(error)) throw error;
    });
  }

  #checkOpen(): void {
    if (this.#over) throw new AtlasError('ATLAS_SESSION', 'the transaction is over: this statement came too late');
  }

  /** BEGIN, if it was not sent yet. */
  #opening(): readonly PgStatement[] {
    if (!this.#begins) return [];
    this.#begins = false;
    return [BEGIN];
  }

  /** The statements that wait. When nothing is under way, these are those of `queue`. */
  #queued(): readonly PgStatement[] {
    return this.#waiting.splice(0).map(({ statement }) => statement);
  }

  /** Sends statements until nobody waits for an answer. Those that came meanwhile share the next round trip. */
  async #sendWaiting(): Promise<void> {
    while (this.#waiting.some(({ answer }) => answer)) {
      // outside of a transaction, statements that are sent together would become one
      const taken = this.#waiting.splice(0, this.#inTransaction ? this.#waiting.length : 1);
      const opening = this.#opening();
      try {
        const results = await this.#run([...opening, ...taken.map(({ statement }) => statement)]);
        for (const [index, { answer }] of taken.entries()) {
          const result = results[opening.length + index];
          if (result) answer?.resolve(result);
        }
      } catch (error) {
        for (const { answer } of taken) answer?.reject(error);
      }
    }
    this.#sending = undefined;
  }

  async #run(statements: readonly PgStatement[]): Promise<readonly PgResult[]> {
    const exchange = new Exchange(statements, this.#types);
    try {
      return await this.#client.query(exchange).results;
    } catch (error) {
      throw slonikError(error, exchange.active);
    }
  }
}
