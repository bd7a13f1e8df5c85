import type { Problem } from '@atlas/runtime';
import { CURSOR_INVALID, cursorsOf } from './cursor.ts';
import type { Look } from './report.ts';

/**
 * The rows of a chunk of a file. Each chunk is a query, so that many rows cost less time. But a service keeps a chunk
 * in memory several times over, as rows, cells and text: with 5,000 rows of 1.6 KB it needs 40 MB more.
 */
const CHUNK = 1_000;

/** Rows in a total order, so that each row has a position. */
export interface List<Input, Row> {
  readonly operation: string;
  /** The forms of the values that make a position. */
  readonly forms: (input: Input) => readonly RegExp[];
  readonly placeOf: (row: Row, input: Input) => readonly string[];
  /** The rows after a position, or from the first on. */
  readonly rows: (
    look: Look,
    input: Input,
    after: readonly string[] | undefined,
    limit: number,
  ) => Promise<readonly Row[]>;
}

interface Paged {
  readonly query: { readonly cursor?: string; readonly limit: number };
}

type CursorInvalid = Problem<400, 'cursor-invalid'>;

export interface Page<Row> {
  readonly rows: readonly Row[];
  /** Members of a body: the cursor of the next page, if there is one. */
  readonly next: { readonly nextCursor?: string };
}

/** The page that an input asks for. */
export async function pageOf<Input extends Paged, Row>(
  list: List<Input, Row>,
  look: Look,
  input: Input,
): Promise<Page<Row> | CursorInvalid> {
  const { limit } = input.query;
  const start = startOf(list, input);
  if ('problem' in start) return start;
  // one more than the page has, to see whether there is a next one
  const found = await list.rows(look, input, start.after, limit + 1);
  const rows = found.slice(0, limit);
  const last = found.length > limit ? rows.at(-1) : undefined;
  const cursors = cursorsOf(list.operation, input.query);
  return { rows, next: last === undefined ? {} : { nextCursor: cursors.after(list.placeOf(last, input)) } };
}

/** All rows, in chunks. */
export function allOf<Input, Row>(
  list: Pick<List<Input, Row>, 'placeOf' | 'rows'>,
  look: Look,
  input: Input,
): AsyncIterable<readonly Row[]> {
  return chunksAfter(list, look, input, undefined);
}

/** All rows from the cursor of an input on, in chunks. */
export function chunksOf<Input extends Paged, Row>(
  list: List<Input, Row>,
  look: Look,
  input: Input,
): AsyncIterable<readonly Row[]> | CursorInvalid {
  const start = startOf(list, input);
  return 'problem' in start ? start : chunksAfter(list, look, input, start.after);
}

async function* chunksAfter<Input, Row>(
  list: Pick<List<Input, Row>, 'placeOf' | 'rows'>,
  look: Look,
  input: Input,
  start: readonly string[] | undefined,
): AsyncIterable<readonly Row[]> {
  for (let after = start; ;) {
    const rows = await list.rows(look, input, after, CHUNK);
    if (rows.length > 0) yield rows;
    const last = rows.at(-1);
    if (last === undefined || rows.length < CHUNK) return;
    after = list.placeOf(last, input);
  }
}

function startOf<Input extends Paged, Row>(
  { operation, forms }: List<Input, Row>,
  input: Input,
): { readonly after: readonly string[] | undefined } | CursorInvalid {
  const { cursor } = input.query;
  if (cursor === undefined) return { after: undefined };
  const after = cursorsOf(operation, input.query).valuesOf(cursor, forms(input));
  return after ? { after } : CURSOR_INVALID;
}
