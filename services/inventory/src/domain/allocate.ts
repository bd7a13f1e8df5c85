import type { HeldLine, Shortage, WantedLine } from './reservation.ts';
import { available, type StockLevel } from './stock.ts';

type Allocation =
  | { readonly ok: true; readonly lines: readonly HeldLine[] }
  | { readonly ok: false; readonly shortages: readonly Shortage[] };

/**
 * Finds a warehouse for every line, or holds nothing at all. One warehouse serves a whole line: the one that the line
 * names, or else the first one by code with enough free stock. Lines that name a warehouse are served first, because no
 * other warehouse can serve them. Otherwise, lines are served in the sequence of the order. The same order and the same
 * stock always give the same result.
 */
export function allocate(wanted: readonly WantedLine[], levels: readonly StockLevel[]): Allocation {
  const free = levels.toSorted(byWarehouseCode).map((level) => ({ level, qty: available(level) }));
  const held = new Map<WantedLine, HeldLine>();
  const short = new Map<WantedLine, Shortage>();

  for (const line of wanted.toSorted(namedFirst)) {
    const candidates = free.filter(({ level }) => serves(level, line));
    const source = candidates.find(({ qty }) => qty >= line.qty);
    if (source) {
      source.qty -= line.qty;
      const { lineId, sku, qty, warehouseId: named } = line;
      const { warehouseId } = source.level;
      held.set(line, { lineId, sku, warehouseId, qty, shipped: 0n, anyWarehouse: named === null });
    } else {
      short.set(line, { sku: line.sku, wanted: line.qty, available: largest(candidates.map(({ qty }) => qty)) });
    }
  }
  return short.size > 0 ? { ok: false, shortages: inOrder(wanted, short) } : { ok: true, lines: inOrder(wanted, held) };
}

function serves(level: StockLevel, { sku, warehouseId }: WantedLine): boolean {
  return level.sku === sku && (warehouseId === null || warehouseId === level.warehouseId);
}

/** Codes are unique and ASCII, so this sequence is the same on every machine. */
function byWarehouseCode(left: StockLevel, right: StockLevel): number {
  return left.warehouseCode < right.warehouseCode ? -1 : left.warehouseCode > right.warehouseCode ? 1 : 0;
}

/** Sorting is stable (ECMA-262), so lines of one kind keep their sequence. */
function namedFirst(left: WantedLine, right: WantedLine): number {
  return Number(left.warehouseId === null) - Number(right.warehouseId === null);
}

function inOrder<T>(wanted: readonly WantedLine[], found: ReadonlyMap<WantedLine, T>): readonly T[] {
  return wanted.flatMap((line) => found.get(line) ?? []);
}

function largest(quantities: readonly bigint[]): bigint {
  return quantities.reduce((best, qty) => (qty > best ? qty : best), 0n);
}
