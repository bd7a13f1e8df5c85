import type { QuerySqlToken } from 'slonik';
import type { Read, Tx } from '../../contract/handler.ts';
import { slonikOf, type Rows } from './session.ts';

/**
 * The rows of a statement one by one, fetched only as fast as they are taken, for answers that are made while they are
 * sent. All rows are of one snapshot, whatever is written meanwhile. With a `Read`, the statement has a connection of
 * its own until its last row, or until the loop is left.
 */
export async function* rowsOf<Row>(session: Read | Tx, statement: QuerySqlToken<Rows<Row>>): AsyncGenerator<Row> {
  const { promise: started, resolve, reject } = Promise.withResolvers<AsyncIterable<{ readonly data: Row }>>();
  const ended = slonikOf(session).stream(statement, resolve);
  ended.catch(reject);
  const stream = await started;
  try {
    for await (const { data } of stream) yield data;
  } finally {
    // when this has ended, the connection is free; errors were thrown in the loop already
    await Promise.allSettled([ended]);
  }
}
