import { sql } from 'slonik';
import { contract } from '@atlas/generated-reporting';
import type { Read, Tx } from '@atlas/runtime';
import { runMigrations } from '@atlas/runtime/migrate';
import { readOf, rows, slonikOf, slonikStore, txOf } from '@atlas/runtime/slonik';
import { cloneDatabase, dropDatabase, readStack } from '@atlas/stack';

const migrations = new URL('../migrations/', import.meta.url);

export interface ReportingDatabase {
  /** Its address as the role of the service. */
  readonly url: string;
  /** Runs `work` as the plumbing runs a handler: as the service's own role. */
  transaction<T>(work: (tx: Tx) => Promise<T>): Promise<T>;
  read<T>(work: (read: Read) => Promise<T>): Promise<T>;
  /** Runs a statement as the role that owns the tables, and gives its rows. */
  asOwner(statement: string): Promise<readonly Readonly<Record<string, unknown>>[]>;
  /** Runs `work` after the statement, whose transaction stays open meanwhile. */
  asOwnerMeanwhile(statement: string, work: () => Promise<void>): Promise<void>;
  close(): Promise<void>;
}

/** Makes a migrated database on the stack's server. */
export async function reportingDatabase(name: string): Promise<ReportingDatabase> {
  const stack = readStack();
  if (!stack) throw new Error('no stack is up: run `make up` first');
  const { ownerUrl, appUrl } = await cloneDatabase(stack, 'reporting', name, { template: 'template1', replace: true });
  await runMigrations({ contract, ownerUrl, migrations });
  const store = slonikStore(appUrl);
  const owner = slonikStore(ownerUrl, { maxConnections: 1 });
  return {
    url: appUrl,
    transaction: (work) => store.transaction((session) => work(txOf(session))),
    read: (work) => store.read((session) => work(readOf(session))),
    asOwner: (statement) =>
      owner.transaction((session) =>
        slonikOf(txOf(session)).any({
          ...sql.type(rows<Readonly<Record<string, unknown>>>())`SELECT`,
          sql: statement,
        }),
      ),
    asOwnerMeanwhile: async (statement, work) => {
      const other = slonikStore(ownerUrl, { maxConnections: 1 });
      try {
        await other.transaction(async (session) => {
          await slonikOf(txOf(session)).query({ ...sql.type(rows<object>())`SELECT`, sql: statement });
          await work();
        });
      } finally {
        await other.close();
      }
    },
    close: async () => {
      await store.close();
      await owner.close();
      await dropDatabase(stack, name);
    },
  };
}
