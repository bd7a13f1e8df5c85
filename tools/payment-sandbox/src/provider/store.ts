import { DatabaseSync, type SQLInputValue, type SQLOutputValue } from 'node:sqlite';

/** A row of SQLite. */
export type Row = Readonly<Record<string, SQLOutputValue>>;

/** The sandbox's own database: one file, which survives a restart. */
export interface Store {
  all(text: string, ...values: SQLInputValue[]): readonly Row[];
  get(text: string, ...values: SQLInputValue[]): Row | undefined;
  run(text: string, ...values: SQLInputValue[]): void;
  /** Runs `work` in a transaction. */
  transaction<T>(work: () => T): T;
  close(): void;
}

/** Opens the file, or `:memory:`, and creates its tables. */
export function openStore(file: string): Store {
  const database = new DatabaseSync(file);
  database.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; PRAGMA busy_timeout = 5000');
  database.exec(TABLES);
  let inside = false;
  return {
    all: (text, ...values) => database.prepare(text).all(...values),
    get: (text, ...values) => database.prepare(text).get(...values),
    run: (text, ...values) => void database.prepare(text).run(...values),
    transaction: (work) => {
      if (inside) return work();
      inside = true;
      database.exec('BEGIN IMMEDIATE');
      try {
        const result = work();
        database.exec('COMMIT');
        return result;
      } catch (error) {
        database.exec('ROLLBACK');
        throw error;
      } finally {
        inside = false;
      }
    },
    close: () => database.close(),
  };
}

/** Times are milliseconds since 1970. */
const TABLES = `
  CREATE TABLE IF NOT EXISTS intent (
    id TEXT PRIMARY KEY, status TEXT NOT NULL, amount INTEGER NOT NULL, currency TEXT NOT NULL, reference TEXT NOT NULL,
    charge_id TEXT, captured_at INTEGER, refunded INTEGER NOT NULL DEFAULT 0, failure TEXT,
    version INTEGER NOT NULL DEFAULT 1, created_at INTEGER NOT NULL,
    tries INTEGER NOT NULL DEFAULT 0, due_at INTEGER
  ) STRICT;
  CREATE TABLE IF NOT EXISTS refund (
    id TEXT PRIMARY KEY, intent_id TEXT NOT NULL REFERENCES intent, status TEXT NOT NULL, amount INTEGER NOT NULL,
    currency TEXT NOT NULL, reference TEXT NOT NULL, failure TEXT, version INTEGER NOT NULL DEFAULT 1,
    created_at INTEGER NOT NULL, due_at INTEGER
  ) STRICT;
  CREATE TABLE IF NOT EXISTS entry (
    id INTEGER PRIMARY KEY AUTOINCREMENT, type TEXT NOT NULL, day TEXT NOT NULL, amount INTEGER NOT NULL,
    currency TEXT NOT NULL, occurred_at INTEGER NOT NULL, intent_id TEXT, charge_id TEXT, refund_id TEXT,
    reference TEXT, payout_id TEXT
  ) STRICT;
  CREATE INDEX IF NOT EXISTS entry_day ON entry (day, id);
  CREATE TABLE IF NOT EXISTS answer (
    key TEXT PRIMARY KEY, digest TEXT NOT NULL, status INTEGER NOT NULL, body TEXT NOT NULL, at INTEGER NOT NULL
  ) STRICT;
  CREATE TABLE IF NOT EXISTS event (
    id TEXT PRIMARY KEY, type TEXT NOT NULL, body TEXT NOT NULL, created_at INTEGER NOT NULL, reference TEXT NOT NULL,
    delivered_at INTEGER
  ) STRICT;
  CREATE TABLE IF NOT EXISTS delivery (
    id INTEGER PRIMARY KEY AUTOINCREMENT, event_id TEXT NOT NULL REFERENCES event, due_at INTEGER, number INTEGER NOT NULL,
    fault TEXT, outcome TEXT
  ) STRICT;
  CREATE INDEX IF NOT EXISTS delivery_due ON delivery (due_at) WHERE due_at IS NOT NULL;
  CREATE TABLE IF NOT EXISTS fault (
    id INTEGER PRIMARY KEY AUTOINCREMENT, kind TEXT NOT NULL, target TEXT, reference TEXT, left INTEGER NOT NULL,
    delay_ms INTEGER
  ) STRICT;
`;
