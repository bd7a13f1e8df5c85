/** What an INSERT of the code writes. */
export interface Insert {
  readonly table: string;
  readonly columns: readonly string[];
  /** For each column: what the statement always writes, or undefined if the code puts a value there. */
  readonly fixed: readonly (string | undefined)[];
}

const INSERT = /\bINSERT\s+INTO\s+"?([A-Za-z_][\w$]*)"?(?:\s+AS\s+\w+)?\s*\(([^()]*)\)\s*(VALUES\s*\(|SELECT\s)/gi;

/**
 * The INSERTs of a statement: with VALUES, or with a SELECT, whose values may be any. An INSERT without a list of
 * columns is left out, because its columns depend on the table.
 */
export function insertsOf(sql: string): readonly Insert[] {
  return [...sql.matchAll(INSERT)].flatMap((match) => {
    const [whole, table = '', list = '', kind = ''] = match;
    const columns = list.split(',').map((name) => name.trim().replaceAll('"', ''));
    const values = /^VALUES/i.test(kind) ? listed(sql, match.index + whole.length) : [];
    const fixed = columns.map((_, index) => constant(values[index]));
    return [{ table, columns, fixed }];
  });
}

/** The expressions of a list that begins at `from`, up to its closing bracket. */
function listed(sql: string, from: number): readonly string[] {
  const items: string[] = [];
  let depth = 0;
  let start = from;
  const tokens = /'(?:[^']|'')*'|[(),]/g;
  tokens.lastIndex = from;
  for (let match = tokens.exec(sql); match; match = tokens.exec(sql)) {
    const [token] = match;
    if (token === '(') depth += 1;
    if (token === ')' && depth === 0) return [...items, sql.slice(start, match.index).trim()];
    if (token === ')') depth -= 1;
    if (token !== ',' || depth > 0) continue;
    items.push(sql.slice(start, match.index).trim());
    start = match.index + 1;
  }
  return [];
}

/** An expression without parameters and names of columns: a literal, or the call of a function without arguments. */
function constant(expression: string | undefined): string | undefined {
  return expression !== undefined && /^(?:'(?:[^']|'')*'|-?\d+(?:\.\d+)?|\w+\(\)|NULL|TRUE|FALSE)$/i.test(expression)
    ? expression
    : undefined;
}
