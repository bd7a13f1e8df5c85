import type { Read, Tx } from '../src/contract/handler.ts';
import type { SqlSession, Store } from '../src/ports/sql.ts';

/** A store that keeps nothing, for what needs no database: each claim is new, each flush works. */
export function stubStore(): Store {
  const session: SqlSession = {
    query: async <Row>({ text }: { readonly text: string }) => rowsFor<Row>(text),
  };
  return {
    transaction: (work) => work(session),
    read: (work) => work(session),
    close: async () => {},
  };
}

function rowsFor<Row>(text: string): readonly Row[] {
  const rows: unknown = text.includes('pg_try_advisory')
    ? [{ locked: true, digest: null }]
    : [{ version: null, kept: 1n }];
  return areRows<Row>(rows) ? rows : [];
}

function areRows<Row>(rows: unknown): rows is readonly Row[] {
  return Array.isArray(rows);
}

export const stubSessions = {
  txOf: (session: SqlSession): Tx => {
    if (isTx(session)) return session;
    throw new Error('unreachable');
  },
  readOf: (session: SqlSession): Read => {
    if (isRead(session)) return session;
    throw new Error('unreachable');
  },
};

function isTx(_session: object): _session is Tx {
  return true;
}

function isRead(_session: object): _session is Read {
  return true;
}
