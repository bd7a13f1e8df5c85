/** A number of ours, as a text. Only such a cell may begin with a minus sign. */
export interface Numeral {
  readonly numeral: string;
}

/** A cell. Texts may come from anybody. */
export type Cell = string | number | boolean | Numeral | null | undefined;

/**
 * Begins of texts that make a spreadsheet run a cell instead of showing it, including the wide forms of East Asian
 * keyboards. Some programs drop characters before them that cannot be seen: white space, controls and format marks.
 */
const RUNS = /^(?:[\t\r\n]|[\s\p{Cc}\p{Cf}]*[=+\-@＝＋－＠])/u;
const NEEDS_QUOTES = /[",\r\n]/;

/** A line of CSV (RFC 4180): cells with commas, quotes or line ends are quoted, and the line ends with CR LF. */
export function csvLine(cells: readonly Cell[]): string {
  return `${cells.map(cellText).join(',')}\r\n`;
}

function cellText(cell: Cell): string {
  if (cell === null || cell === undefined) return '';
  if (typeof cell === 'object') return cell.numeral;
  if (typeof cell !== 'string') return String(cell);
  const harmless = RUNS.test(cell) ? `'${cell}` : cell;
  return NEEDS_QUOTES.test(harmless) ? `"${harmless.replaceAll('"', '""')}"` : harmless;
}
