import type { Clock } from '../../ports/clock.ts';
import type { Log } from '../../ports/log.ts';
import type { Metrics } from '../../ports/metrics.ts';
import type { Statement, Store } from '../../ports/sql.ts';
import { Sleeper } from '../../time/sleeper.ts';
import { EXPIRE_DEAD, EXPIRE_IDEMPOTENCY, EXPIRE_INBOX, EXPIRE_SEQUENCE } from './statements.ts';

/** For how many days rows of the plumbing are kept (docs/reference/environment.md). */
export interface Retention {
  /** For dead letters. Rows that are held or block a key are kept for longer. At least 7. */
  readonly deadDays: number;
  /** For the inbox, which knows the events that were applied. A copy that comes later than this takes effect again. */
  readonly inboxDays: number;
  /** For responses by Idempotency-Key. After this time, the same key makes a new request. */
  readonly idempotencyDays: number;
  /** For the last sequence of keys that send nothing. */
  readonly sequenceDays: number;
}

export const RETENTION: Retention = { deadDays: 90, inboxDays: 30, idempotencyDays: 7, sequenceDays: 400 };

export interface CleanerOptions {
  readonly store: Store;
  readonly clock: Clock;
  readonly log: Log;
  readonly metrics: Metrics;
  readonly retention: Retention;
}

const HOUR_MS = 3_600_000;
/** The rest between two batches, because the database has more important things to do. */
const REST_MS = 250;

interface Table {
  readonly name: string;
  readonly expire: Statement;
  readonly days: number;
  /** The most rows of a batch. */
  readonly most: number;
  /** After how many rounds it is cleaned again. */
  readonly everyRounds: number;
}

/** Deletes rows that are older than their retention, in small batches: at the start and each hour. */
export class Cleaner {
  readonly #options: CleanerOptions;
  readonly #tables: readonly Table[];
  readonly #sleeper: Sleeper;
  readonly #deleted: ReturnType<Metrics['counter']>;
  #running: Promise<void> = Promise.resolve();

  constructor(options: CleanerOptions) {
    const { metrics, clock, retention } = options;
    this.#options = options;
    this.#sleeper = new Sleeper(clock);
    this.#deleted = metrics.counter('atlas_retention_deleted_total', 'Rows deleted because of their age', ['table']);
    this.#tables = [
      { name: 'atlas_inbox', expire: EXPIRE_INBOX, days: retention.inboxDays, most: 1_000, everyRounds: 1 },
      {
        name: 'atlas_idempotency',
        expire: EXPIRE_IDEMPOTENCY,
        days: retention.idempotencyDays,
        most: 1_000,
        everyRounds: 1,
      },
      { name: 'atlas_dead', expire: EXPIRE_DEAD, days: retention.deadDays, most: 100, everyRounds: 1 },
      // rarely and in larger batches, because each batch reads the whole table
      {
        name: 'atlas_sequence',
        expire: EXPIRE_SEQUENCE,
        days: retention.sequenceDays,
        most: 10_000,
        everyRounds: 24,
      },
    ];
    for (const { name } of this.#tables) this.#deleted.add(0, { table: name });
  }

  /** Begins the rounds. */
  start(): this {
    this.#running = this.#run();
    return this;
  }

  /** Cleans all tables that are due in a round. An error at one table does not keep the others from being cleaned. */
  async round(number: number): Promise<void> {
    for (const table of this.#tables) {
      if (number % table.everyRounds !== 0 || this.#sleeper.stopped) continue;
      await this.#clean(table).catch((error: unknown) =>
        this.#options.log.warn({ err: error, table: table.name }, 'could not delete old rows, will try again'),
      );
    }
  }

  async stop(): Promise<void> {
    this.#sleeper.stop();
    await this.#running;
  }

  async #run(): Promise<void> {
    for (let round = 0; !this.#sleeper.stopped; round++) {
      await this.round(round);
      await this.#sleeper.sleep(HOUR_MS, { wakeable: false });
    }
  }

  async #clean({ name, expire, days, most }: Table): Promise<void> {
    const { store, log } = this.#options;
    let total = 0;
    for (let gone = most; gone >= most && !this.#sleeper.stopped;) {
      const [row] = await store.read((session) => session.query<{ gone: bigint }>(expire, [days, most]));
      gone = Number(row?.gone ?? 0n);
      total += gone;
      this.#deleted.add(gone, { table: name });
      if (gone >= most) await this.#sleeper.sleep(REST_MS, { wakeable: false });
    }
    if (total > 0) log.info({ table: name, rows: total, days }, 'deleted old rows');
  }
}
