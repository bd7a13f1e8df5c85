import type { Order, Run } from './reserve.ts';

/** An `OrderPlaced` for the read model. */
export interface Placed {
  readonly order: Order;
  readonly eventId: string;
}

/**
 * Writes orders to a read model, as reports have: the order itself, its timeline and the sales per product. It takes
 * three statements for one order or many. Rows that orders share are locked in sorted order.
 */
export async function project(run: Run, placed: readonly Placed[]): Promise<void> {
  const ids = placed.map(({ order }) => order.orderId);
  const lines = placed.flatMap(({ order }) => order.lines);
  const quantityOf = ({ lines: own }: Order): string => String(own.reduce((sum, { qty }) => sum + Number(qty), 0));
  await run(
    'bench.project_order',
    `INSERT INTO bench_order_view (order_id, lines, qty) SELECT * FROM unnest($1::uuid[], $2::integer[], $3::bigint[])
ON CONFLICT (order_id) DO UPDATE SET lines = excluded.lines, qty = excluded.qty`,
    [ids, placed.map(({ order }) => String(order.lines.length)), placed.map(({ order }) => quantityOf(order))],
  );
  await run(
    'bench.project_timeline',
    `INSERT INTO bench_timeline (order_id, event_id, what) SELECT *, 'placed' FROM unnest($1::uuid[], $2::text[])`,
    [ids, placed.map(({ eventId }) => eventId)],
  );
  await run(
    'bench.project_sales',
    `INSERT INTO bench_sale AS s (sku, lines, qty)
SELECT sku, count(*), sum(qty) FROM unnest($1::text[], $2::bigint[]) AS line (sku, qty) GROUP BY sku ORDER BY sku
ON CONFLICT (sku) DO UPDATE SET lines = s.lines + excluded.lines, qty = s.qty + excluded.qty`,
    [lines.map(({ sku }) => sku), lines.map(({ qty }) => String(qty))],
  );
}
