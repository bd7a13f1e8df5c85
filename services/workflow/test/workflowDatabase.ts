import { randomUUID } from 'node:crypto';
import { sql } from 'slonik';
import { contract, type OnOrderReserved } from '@atlas/generated-workflow';
import type { Read, Tx } from '@atlas/runtime';
import { runMigrations } from '@atlas/runtime/migrate';
import { readOf, slonikOf, slonikStore, txOf } from '@atlas/runtime/slonik';
import { cloneDatabase, dropDatabase, readStack } from '@atlas/stack';

const migrations = new URL('../migrations/', import.meta.url);

export interface WorkflowDatabase {
  /** Its address as the role of the service. */
  readonly url: string;
  /** Runs `work` as the plumbing runs a handler: as the service's own role. */
  transaction<T>(work: (tx: Tx) => Promise<T>): Promise<T>;
  read<T>(work: (read: Read) => Promise<T>): Promise<T>;
  /** Runs a statement as the role that owns the tables, which may do more than a service. */
  asOwner(statement: string): Promise<void>;
  /** Runs statements as the owner, then `look`, and rolls the statements back. */
  mutated<T>(statements: readonly string[], look: (tx: Tx) => Promise<T>): Promise<T>;
  close(): Promise<void>;
}

/** Makes a migrated database on the stack's server. */
export async function workflowDatabase(name: string): Promise<WorkflowDatabase> {
  const stack = readStack();
  if (!stack) throw new Error('no stack is up: run `make up` first');
  const { ownerUrl, appUrl } = await cloneDatabase(stack, 'workflow', name, { template: 'template1', replace: true });
  await runMigrations({ contract, ownerUrl, migrations });
  const store = slonikStore(appUrl);
  const owner = slonikStore(ownerUrl, { maxConnections: 1 });
  return {
    url: appUrl,
    transaction: (work) => store.transaction((session) => work(txOf(session))),
    read: (work) => store.read((session) => work(readOf(session))),
    asOwner: async (statement) => {
      await owner.transaction((session) => slonikOf(txOf(session)).query({ ...sql.unsafe`SELECT`, sql: statement }));
    },
    mutated: (statements, look) =>
      owner.transaction(async (session) => {
        const tx = txOf(session);
        const db = slonikOf(tx);
        await db.query(sql.unsafe`SAVEPOINT before`);
        for (const statement of statements) await db.query({ ...sql.unsafe`SELECT`, sql: statement });
        const seen = await look(tx);
        await db.query(sql.unsafe`ROLLBACK TO before`);
        return seen;
      }),
    close: async () => {
      await store.close();
      await owner.close();
      await dropDatabase(stack, name);
    },
  };
}

/** A context as the plumbing would make it. */
export function aCtx(): OnOrderReserved.Input['ctx'] {
  return {
    now: new Date(),
    newId: () => randomUUID(),
    actor: { id: 'ops-1', roles: ['ops'] },
    correlationId: randomUUID(),
  };
}

/** The metadata of an event. No handler of Workflow reads it. */
export function aMeta(): OnOrderReserved.Input['meta'] {
  return {
    id: randomUUID(),
    type: 'atlas.orders.OrderReserved',
    source: 'orders',
    time: new Date(),
    correlationId: randomUUID(),
    causationId: undefined,
    sequence: 1n,
    actorId: 'ops-1',
    topic: 'atlas.orders.order.v1',
    partition: 0,
    offset: 0n,
    attempt: 1,
  };
}
