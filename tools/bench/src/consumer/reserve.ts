/** Runs a prepared statement in the consumer's transaction. */
export type Run = (
  name: string,
  text: string,
  values: readonly (string | readonly string[])[],
) => Promise<readonly unknown[]>;

/**
 * The part of an `OrderPlaced` that the handler needs. Quantities are numbers or bigints, as the decoder gives them.
 */
export interface Order {
  readonly orderId: string;
  readonly lines: readonly { readonly sku: string; readonly qty: number | bigint }[];
}

/**
 * The handler of both consumers: five statements, like those of a service that reserves stock. It checks whether the
 * order was answered, locks the balances, and writes a reservation, its lines and the balances.
 */
export async function reserve(run: Run, { orderId, lines }: Order): Promise<void> {
  const answered = await run(
    'bench.lock_reservation',
    'SELECT state FROM bench_reservation WHERE order_id = $1 FOR UPDATE',
    [orderId],
  );
  if (answered.length > 0) return;
  const skus = lines.map(({ sku }) => sku);
  const quantities = lines.map(({ qty }) => String(qty));
  await run(
    'bench.lock_stock',
    'SELECT sku, reserved FROM bench_stock WHERE sku = ANY($1::text[]) ORDER BY sku FOR UPDATE',
    [skus],
  );
  const reservationId = crypto.randomUUID();
  await run('bench.insert_reservation', 'INSERT INTO bench_reservation VALUES ($1, $2, $3)', [
    reservationId,
    orderId,
    'HELD',
  ]);
  await run(
    'bench.insert_lines',
    `INSERT INTO bench_line (reservation_id, position, sku, qty)
SELECT $1, position, sku, qty FROM unnest($2::text[], $3::bigint[]) WITH ORDINALITY AS line (sku, qty, position)`,
    [reservationId, skus, quantities],
  );
  await run(
    'bench.add_reserved',
    `UPDATE bench_stock s SET reserved = s.reserved + line.qty
FROM unnest($1::text[], $2::bigint[]) AS line (sku, qty) WHERE s.sku = line.sku`,
    [skus, quantities],
  );
}
