import { sql, type CommonQueryMethods } from 'slonik';
import { VersionConflict, type Tx } from '@atlas/runtime';
import { queueWrite, rows, slonikOf } from '@atlas/runtime/slonik';
import type { HeldLine, Reservation, Shortage } from '../domain/reservation.ts';
import type { ReservationStore } from '../ports.ts';

interface ReservationRow {
  readonly reservationId: string;
  readonly orderId: string;
  readonly version: bigint;
  readonly state: Reservation['state'];
  readonly expiresAt: Date | null;
}

const RESERVATION = sql.fragment`
  SELECT reservation_id AS "reservationId", order_id AS "orderId", version, state, expires_at AS "expiresAt"
  FROM reservation`;

/** Reservations in Postgres. */
export const pgReservationStore: ReservationStore = {
  insertAll: async (tx, reservations) => {
    const heads = reservations.map((reservation) => {
      const { reservationId, orderId, version, state } = reservation;
      return [reservationId, orderId, version, state, state === 'HELD' ? reservation.expiresAt.toISOString() : null];
    });
    const lines = reservations.flatMap((one) =>
      one.state === 'HELD'
        ? one.lines.map(({ lineId, sku, warehouseId, qty, anyWarehouse }, index) => [
            one.reservationId,
            index + 1,
            lineId,
            sku,
            warehouseId,
            qty,
            anyWarehouse,
          ])
        : [],
    );
    // foreign keys are checked at the end of the statement
    queueWrite(
      tx,
      sql.prepared('inventory.insert_reservations', rows<never>())`
      WITH head AS (
        INSERT INTO reservation (reservation_id, order_id, version, state, expires_at)
        SELECT * FROM ${sql.unnest(heads, ['uuid', 'uuid', 'int8', 'text', 'timestamptz'])}
      )
      INSERT INTO reservation_line (reservation_id, position, line_id, sku, warehouse_id, qty, any_warehouse)
      SELECT * FROM ${sql.unnest(lines, ['uuid', 'int4', 'uuid', 'text', 'uuid', 'int8', 'bool'])}`,
    );
    insertShortages(tx, reservations);
  },

  states: async (tx, orderIds) => {
    // OFFSET 0 rules out a join, whose plan from when the table was small would read all of it for a while; the list is
    // in a subquery, because the planner would make a new plan for each length of it
    const found = await slonikOf(tx).any(
      sql.prepared('inventory.select_states', rows<Pick<ReservationRow, 'orderId' | 'state'>>())`
        SELECT order_id AS "orderId", state FROM unnest((SELECT ${sql.array(orderIds, 'uuid')})) AS wanted (id)
        CROSS JOIN LATERAL (SELECT order_id, state FROM reservation WHERE order_id = wanted.id OFFSET 0) r`,
    );
    return new Map(found.map(({ orderId, state }) => [orderId, state]));
  },

  load: async (tx, orderId) => {
    const db = slonikOf(tx);
    // NO KEY does not block other transactions that refer to the row, because blocking them could cause a deadlock
    const row = await db.maybeOne(sql.prepared('inventory.lock_reservation', rows<ReservationRow>())`${RESERVATION}
      WHERE order_id = ${orderId} FOR NO KEY UPDATE`);
    return row ? assemble(db, row) : undefined;
  },

  read: async (read, orderId) => {
    const db = slonikOf(read);
    const row = await db.maybeOne(sql.prepared('inventory.select_reservation', rows<ReservationRow>())`${RESERVATION}
      WHERE order_id = ${orderId}`);
    return row ? assemble(db, row) : undefined;
  },

  save: async (tx, reservation) => {
    const db = slonikOf(tx);
    const { reservationId, version, state } = reservation;
    const before = version - 1n;
    const { rowCount } = await db.query(sql.prepared('inventory.update_reservation', rows<never>())`
      UPDATE reservation SET version = ${version}, state = ${state}
      WHERE reservation_id = ${reservationId} AND version = ${before}`);
    if (rowCount === 0) {
      const stored = await db.one(sql.prepared('inventory.select_version', rows<{ readonly version: bigint }>())`
        SELECT version FROM reservation WHERE reservation_id = ${reservationId}`);
      throw new VersionConflict(`reservation ${reservationId}`, before, stored.version);
    }
    switch (state) {
      case 'COMMITTED':
      case 'CLOSED':
        return updateLines(tx, reservationId, reservation.lines);
      case 'FAILED':
        return insertShortages(tx, [reservation]);
      case 'RELEASED':
      case 'EXPIRED':
    }
  },
};

/** Writes the changes of the lines by a dispatch or another allocation. */
function updateLines(tx: Tx, id: string, lines: readonly HeldLine[]): void {
  const tuples = lines.map(({ lineId, warehouseId, shipped }) => [lineId, warehouseId, shipped]);
  queueWrite(
    tx,
    sql.prepared('inventory.update_reservation_lines', rows<never>())`
    UPDATE reservation_line l SET warehouse_id = line.warehouse_id, shipped = line.shipped
    FROM ${sql.unnest(tuples, ['uuid', 'uuid', 'int8'])} AS line (line_id, warehouse_id, shipped)
    WHERE l.reservation_id = ${id} AND l.line_id = line.line_id
      AND (l.warehouse_id, l.shipped) <> (line.warehouse_id, line.shipped)`,
  );
}

function insertShortages(tx: Tx, reservations: readonly Reservation[]): void {
  const tuples = reservations.flatMap((one) =>
    one.state === 'FAILED'
      ? one.shortages.map(({ sku, wanted, available }, index) => [one.reservationId, index + 1, sku, wanted, available])
      : [],
  );
  if (tuples.length === 0) return;
  queueWrite(
    tx,
    sql.prepared('inventory.insert_reservation_shortages', rows<never>())`
    INSERT INTO reservation_shortage (reservation_id, position, sku, wanted, available)
    SELECT * FROM ${sql.unnest(tuples, ['uuid', 'int4', 'text', 'int8', 'int8'])}`,
  );
}

async function assemble(db: CommonQueryMethods, row: ReservationRow): Promise<Reservation> {
  const { reservationId, orderId, version, state, expiresAt } = row;
  if (state === 'FAILED') {
    const shortages = await db.any(sql.prepared('inventory.select_shortages', rows<Shortage>())`
      SELECT sku, wanted, available FROM reservation_shortage WHERE reservation_id = ${reservationId} ORDER BY position`);
    return { state, reservationId, orderId, version, shortages };
  }
  const lines = await db.any(sql.prepared('inventory.select_lines', rows<HeldLine>())`
    SELECT line_id AS "lineId", sku, warehouse_id AS "warehouseId", qty, shipped, any_warehouse AS "anyWarehouse"
    FROM reservation_line WHERE reservation_id = ${reservationId} ORDER BY position`);
  if (state !== 'HELD' && state !== 'EXPIRED') return { state, reservationId, orderId, version, lines };
  if (!expiresAt) throw new Error(`reservation ${reservationId} has no expires_at, which constraint ends_at rules out`);
  return { state, reservationId, orderId, version, lines, expiresAt };
}
