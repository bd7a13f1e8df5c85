import type { Read, Tx } from '../src/contract/handler.ts';
import { LastStatements, type SqlSession, type Store } from '../src/ports/sql.ts';

const ANSWERS: object = { claim: [{ locked: true, digest: null }], flush: [{ version: null }] };

/** A store that stores nothing, for tests that need no database: each claim is new and each flush succeeds. */
export function stubStore(): Store {
  const session: SqlSession = {
    query: async <Row>({ text }: { readonly text: string }): Promise<readonly Row[]> =>
      Reflect.get(ANSWERS, text.includes('pg_try_advisory') ? 'claim' : 'flush'),
  };
  return {
    transaction: async (work) => {
      const result = await work(session);
      return result instanceof LastStatements ? result.run(session) : result;
    },
    read: (work) => work(session),
    close: async () => {},
  };
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
