import { table } from '@atlas/stack';

type Rows = readonly (readonly string[])[];

/** The positions of these columns in a timeline. */
const [WHAT, WHY] = [3, 5];
/** In fewer columns, `what` would have too many lines. */
const LEAST_ROOM = 32;

/**
 * The rows of a timeline as a table. If lines have more than `width` columns, `why` has only the names of events, or is
 * left out, and `what` is wrapped.
 */
export function timelineWithin(rows: Rows, width: number): string {
  const room = (form: Rows): number => width - widthOf(table(form.map((row) => row.with(WHAT, ''))));
  const longest = Math.max(...rows.map((row) => row[WHAT]?.length ?? 0));
  if (room(rows) >= longest) return table(rows);
  const named = rows.map((row) => row.with(WHY, (row[WHY] ?? '').replace(/:.*/, '')));
  const form = room(named) >= LEAST_ROOM ? named : rows.map((row) => row.slice(0, WHY));
  const lines = form.flatMap((row) =>
    wrapped(row[WHAT] ?? '', Math.max(LEAST_ROOM, room(form))).map((line, index) =>
      (index === 0 ? row : row.map(() => '')).with(WHAT, line),
    ),
  );
  return table(lines);
}

/** The words of a text, in lines of at most `width` columns. A longer word has a line of its own. */
function wrapped(text: string, width: number): readonly string[] {
  const lines = [''];
  for (const word of text.split(' ')) {
    const line = lines.at(-1) ?? '';
    if (line === '') lines[lines.length - 1] = word;
    else if (line.length + 1 + word.length <= width) lines[lines.length - 1] = `${line} ${word}`;
    else lines.push(word);
  }
  return lines;
}

/**
 * Addresses as a table whose first column has names; a row without one belongs to the name before. If lines have more
 * than `width` columns, each name has a line of its own, and if that is not enough, each cell has one. Addresses are
 * never broken.
 */
export function addressesWithin(rows: Rows, width: number): string {
  const wide = table(rows);
  if (widthOf(wide) <= width) return wide;
  const cells = table(rows.map((row) => row.slice(1))).split('\n');
  const below = (linesOf: (row: readonly string[], index: number) => readonly string[]): string =>
    rows
      .flatMap((row, index) => [row[0] ?? '', ...linesOf(row.slice(1), index).map((line) => `  ${line}`)])
      .filter((line) => line !== '')
      .map((line) => `  ${line}`)
      .join('\n');
  const named = below((_row, index) => [(cells[index] ?? '').slice(2)]);
  if (widthOf(named) <= width) return named;
  return below(([first = '', ...others]) => [first, ...others.map((other) => `  ${other}`)]);
}

/** The columns of the longest line. */
function widthOf(text: string): number {
  return Math.max(...text.split('\n').map(({ length }) => length));
}
