import { groupsOf } from './foldRows.ts';
import { instantOf } from './instants.ts';
import { oneOf, type AnyMessage, type MessageOf, type Projection } from './projection.ts';
import { tableOf } from './table.ts';

export interface HoldRow {
  readonly order_id: string;
  readonly reservation_id: string | null;
  readonly state: 'HELD' | 'FAILED' | 'EXPIRED' | 'RELEASED' | 'SHIPPED';
  readonly expires_at: Date | null;
  readonly last_shipped_at: Date | null;
}

export interface HeldLineRow {
  readonly order_id: string;
  readonly line_id: string;
  readonly sku: string;
  readonly warehouse_id: string;
  readonly qty: bigint;
}

/** What Inventory holds for an order: its reservation, and the lines that have not left. */
export interface Hold {
  readonly row: HoldRow;
  readonly lines: readonly HeldLineRow[];
}

const table = tableOf<HoldRow>('order_hold', ['order_id'], {
  order_id: 'uuid',
  reservation_id: 'uuid',
  state: 'text',
  expires_at: 'timestamptz',
  last_shipped_at: 'timestamptz',
});

const lineTable = tableOf<HeldLineRow>('held_line', ['order_id', 'line_id'], {
  order_id: 'uuid',
  line_id: 'uuid',
  sku: 'text',
  warehouse_id: 'uuid',
  qty: 'int8',
});

const isHoldEvent = oneOf(
  'StockReserved',
  'StockReservationFailed',
  'ReservationExpired',
  'ReservationRenewed',
  'ReservationReleased',
  'ShipmentDispatched',
);

/** What is held for an order after an event. It may begin with any event, because an order may get no stock at all. */
export function holdAfter(before: Hold | undefined, message: AnyMessage): Hold | undefined {
  if (!isHoldEvent(message)) return before;
  const order_id = message.data.orderId;
  const row = before?.row ?? NOT_HELD;
  switch (message.type) {
    case 'StockReserved':
    case 'ReservationRenewed': {
      const { reservationId: reservation_id } = message.data;
      const expires_at = message.type === 'StockReserved' ? instantOf(message.data.expiresAt) : null;
      return { row: { ...row, order_id, reservation_id, state: 'HELD', expires_at }, lines: linesOf(message) };
    }
    case 'StockReservationFailed':
      return { row: { ...row, order_id, state: 'FAILED' }, lines: [] };
    case 'ReservationExpired':
      return {
        row: { ...row, order_id, reservation_id: message.data.reservationId, state: 'EXPIRED' },
        lines: [],
      };
    case 'ReservationReleased': {
      const reservation_id = message.data.reservationId ?? row.reservation_id;
      return { row: { ...row, order_id, reservation_id, state: 'RELEASED' }, lines: [] };
    }
    case 'ShipmentDispatched': {
      const { lines, last, dispatchedAt } = message.data;
      const shipped = new Map<string, bigint>();
      for (const { lineId, qty } of lines.filter(({ qty }) => qty > 0n))
        shipped.set(lineId.toLowerCase(), (shipped.get(lineId.toLowerCase()) ?? 0n) + qty);
      const left = (before?.lines ?? [])
        .map((line) => {
          const qty = shipped.get(line.line_id);
          return qty === undefined ? line : { ...line, qty: line.qty - qty };
        })
        .filter(({ qty }) => qty > 0n);
      return {
        row: {
          ...row,
          order_id,
          // goods are held until they leave, whatever was said before
          state: last ? 'SHIPPED' : 'HELD',
          last_shipped_at: instantOf(dispatchedAt),
        },
        lines: last ? [] : left,
      };
    }
  }
}

/** The lines by their ids, because a line that comes twice is still one line. */
function linesOf({ data }: MessageOf<'StockReserved' | 'ReservationRenewed'>): readonly HeldLineRow[] {
  const { orderId: order_id, lines } = data;
  const byId = new Map<string, HeldLineRow>();
  for (const { lineId, sku, warehouseId: warehouse_id, qty } of lines.filter(({ qty }) => qty > 0n)) {
    const line_id = lineId.toLowerCase();
    byId.set(line_id, { order_id, line_id, sku, warehouse_id, qty });
  }
  return [...byId.values()];
}

const NOT_HELD = { reservation_id: null, expires_at: null, last_shipped_at: null } satisfies Partial<HoldRow>;

export const holds: Projection = {
  name: 'holds',
  version: 2,
  tables: [table.name, lineTable.name],
  apply: async (messages, tx) => {
    const groups = groupsOf(messages, (message) =>
      isHoldEvent(message)
        ? { about: { order_id: message.data.orderId }, text: message.data.orderId.toLowerCase() }
        : undefined,
    );
    const orders = [...groups.values()].map(({ about }) => about);
    const rows = new Map((await table.load(tx, ['order_id'], orders)).map((row) => [row.order_id, row]));
    const lines = Map.groupBy(await lineTable.load(tx, ['order_id'], orders), ({ order_id }) => order_id);
    const changed: HoldRow[] = [];
    const held: HeldLineRow[] = [];
    const gone: HeldLineRow[] = [];
    for (const [order, group] of groups) {
      const row = rows.get(order);
      const before = row && { row, lines: lines.get(order) ?? [] };
      const after = group.messages.reduce<Hold | undefined>(holdAfter, before);
      if (!after) continue;
      changed.push(after.row);
      const known = new Map(before?.lines.map((line) => [line.line_id, line]));
      for (const line of after.lines) {
        if (known.get(line.line_id) !== line) held.push(line);
        known.delete(line.line_id);
      }
      gone.push(...known.values());
    }
    await table.write(tx, changed);
    await lineTable.remove(tx, gone);
    await lineTable.write(tx, held);
  },
};
