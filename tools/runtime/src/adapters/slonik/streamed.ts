import { Transform } from 'node:stream';
import type pg from 'pg';
import QueryStream from 'pg-query-stream';
import { slonikError } from './slonikError.ts';

interface Field {
  readonly dataTypeId: number;
  readonly name: string;
}

/** The rows of a statement as a stream in slonik's form. It begins after `started`. */
export function streamed(
  client: pg.Client,
  started: Promise<void>,
  { text, values }: { readonly text: string; readonly values: unknown[] },
): Transform {
  let fields: readonly Field[] = [];
  const rows = new Transform({
    objectMode: true,
    transform: (row, _encoding, done) => done(null, { fields, row }),
  });
  const fail = (error: unknown): void => {
    // cast: slonikError turns an error into an error
    rows.destroy(slonikError(error, { text }) as Error);
  };
  const pump = async (): Promise<void> => {
    await started;
    const source = client.query(new QueryStream(text, values));
    client.connection.once('rowDescription', (described: { readonly fields: readonly pg.FieldDef[] }) => {
      fields = described.fields.map(({ dataTypeID, name }) => ({ dataTypeId: dataTypeID, name }));
    });
    source.on('error', fail).pipe(rows);
  };
  pump().catch(fail);
  return rows;
}
