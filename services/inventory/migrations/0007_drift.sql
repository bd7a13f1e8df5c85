-- The invariants of stock as a query. It has a row for each place where two figures that must be the same are not.
CREATE VIEW drift AS
  SELECT 'on hand is the sum of the movements' AS invariant, s.sku || ' in ' || s.warehouse_id AS place,
    coalesce(sum(m.delta), 0) AS expected, s.on_hand::numeric AS found
  FROM stock_level s LEFT JOIN movement m USING (sku, warehouse_id)
  GROUP BY s.sku, s.warehouse_id
  HAVING coalesce(sum(m.delta), 0) <> s.on_hand
UNION ALL
  SELECT 'on hand is what the last movement says', s.sku || ' in ' || s.warehouse_id, m.on_hand_after, s.on_hand
  FROM stock_level s CROSS JOIN LATERAL (
    SELECT on_hand_after FROM movement WHERE (sku, warehouse_id) = (s.sku, s.warehouse_id) ORDER BY position DESC LIMIT 1
  ) m
  WHERE m.on_hand_after <> s.on_hand
UNION ALL
  SELECT 'reserved is not more than on hand', sku || ' in ' || warehouse_id, on_hand, reserved
  FROM stock_level
  WHERE reserved < 0 OR reserved > on_hand
UNION ALL
  SELECT 'reserved is what is open of HELD and COMMITTED', s.sku || ' in ' || s.warehouse_id,
    coalesce(sum(l.qty - l.shipped), 0), s.reserved
  FROM stock_level s LEFT JOIN (
    reservation_line l JOIN reservation r ON r.reservation_id = l.reservation_id AND r.state IN ('HELD', 'COMMITTED')
  ) USING (sku, warehouse_id)
  GROUP BY s.sku, s.warehouse_id
  HAVING coalesce(sum(l.qty - l.shipped), 0) <> s.reserved
UNION ALL
  SELECT 'shipped is the sum of the shipments', 'line ' || l.line_id || ' of order ' || r.order_id,
    coalesce(sum(sl.qty), 0), l.shipped
  FROM reservation_line l
  JOIN reservation r USING (reservation_id)
  LEFT JOIN (shipment s JOIN shipment_line sl USING (shipment_id)) ON s.order_id = r.order_id AND sl.line_id = l.line_id
  GROUP BY l.reservation_id, l.position, r.order_id
  HAVING coalesce(sum(sl.qty), 0) <> l.shipped
UNION ALL
  SELECT 'a reservation is CLOSED if and only if everything left', 'order ' || r.order_id, sum(l.qty), sum(l.shipped)
  FROM reservation r JOIN reservation_line l USING (reservation_id)
  GROUP BY r.reservation_id
  HAVING (r.state = 'CLOSED') <> (sum(l.qty) = sum(l.shipped))
UNION ALL
  SELECT 'nothing leaves before COMMITTED', 'order ' || r.order_id, 0, sum(l.shipped)
  FROM reservation r JOIN reservation_line l USING (reservation_id)
  WHERE r.state IN ('HELD', 'EXPIRED', 'FAILED')
  GROUP BY r.reservation_id
  HAVING sum(l.shipped) <> 0
UNION ALL
  SELECT 'returned is the sum of the returns', 'line ' || l.line_id || ' of shipment ' || l.shipment_id,
    coalesce(sum(rl.qty), 0), l.returned
  FROM shipment_line l
  LEFT JOIN (goods_return r JOIN goods_return_line rl USING (return_id))
    ON r.shipment_id = l.shipment_id AND rl.line_id = l.line_id
  GROUP BY l.shipment_id, l.position
  HAVING coalesce(sum(rl.qty), 0) <> l.returned;
COMMENT ON VIEW drift IS 'Empty, if nobody changed the tables by hand.';

DO $$
BEGIN
  IF EXISTS (SELECT FROM pg_roles WHERE rolname = 'inventory_app') THEN
    REVOKE ALL ON drift FROM inventory_app;
    GRANT SELECT ON drift TO inventory_app;
  END IF;
END
$$;
