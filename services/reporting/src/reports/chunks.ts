import type { Problem } from '@atlas/runtime';
import type { Cell } from './csv.ts';

/** Turns chunks of rows into the cells of a file. */
export async function* cellsIn<Row>(
  chunks: AsyncIterable<readonly Row[]>,
  cells: (row: Row) => readonly Cell[],
): AsyncIterable<readonly (readonly Cell[])[]> {
  for await (const rows of chunks) yield rows.map(cells);
}

/** The same for rows or a refusal, which stays as it is. */
export function cellsOf<Row, Refusal extends Problem<number, string>>(
  chunks: AsyncIterable<readonly Row[]> | Refusal,
  cells: (row: Row) => readonly Cell[],
): AsyncIterable<readonly (readonly Cell[])[]> | Refusal {
  return 'problem' in chunks ? chunks : cellsIn(chunks, cells);
}

/** All rows as one chunk. */
export async function* oneChunk<Row>(rows: readonly Row[]): AsyncIterable<readonly Row[]> {
  yield rows;
}
