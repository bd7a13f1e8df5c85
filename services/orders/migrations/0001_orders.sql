-- Orders: the aggregate's tables. What was agreed never changes once it is written: the service's role may update only
-- the columns of an order's progress, and neither change nor delete its lines and shortages.

CREATE TABLE orders (
  order_id uuid PRIMARY KEY,
  version bigint NOT NULL CHECK (version >= 1),
  state text NOT NULL CHECK (state IN ('DRAFT', 'PLACED', 'AWAITING_APPROVAL', 'CANCELLED')),
  customer_id uuid NOT NULL,
  requester_id text NOT NULL CHECK (requester_id <> ''),
  currency text NOT NULL CHECK (currency ~ '^[A-Z]{3}$'),
  tax_rate_basis_points integer NOT NULL CHECK (tax_rate_basis_points BETWEEN 0 AND 10000),
  net bigint NOT NULL CHECK (net >= 0),
  tax bigint NOT NULL CHECK (tax >= 0),
  total bigint NOT NULL CHECK (total <= 9007199254740991),
  created_at timestamptz NOT NULL,
  placed_at timestamptz,
  digest text CHECK (digest ~ '^[0-9a-f]{64}$'),
  reservation_id uuid,
  reservation_expires_at timestamptz,
  cancellation_reason text CHECK (cancellation_reason IN ('INSUFFICIENT_STOCK')),
  cancelled_at timestamptz,
  CONSTRAINT total_is_lines_and_tax CHECK (total = net + tax),
  CONSTRAINT placed_beyond_draft CHECK ((state = 'DRAFT') = (placed_at IS NULL) AND (placed_at IS NULL) = (digest IS NULL)),
  CONSTRAINT reserved_to_be_approved CHECK (
    (state <> 'AWAITING_APPROVAL' OR reservation_id IS NOT NULL)
    AND (reservation_id IS NULL) = (reservation_expires_at IS NULL)
  ),
  CONSTRAINT cancelled_for_a_reason CHECK (
    (state = 'CANCELLED') = (cancelled_at IS NOT NULL) AND (cancelled_at IS NULL) = (cancellation_reason IS NULL)
  )
);
COMMENT ON TABLE orders IS 'One row an order. Amounts are in the minor unit of the currency (ISO 4217).';
COMMENT ON COLUMN orders.version IS '1 for a new order, one more with each committed change; the ETag.';
COMMENT ON COLUMN orders.requester_id IS 'The sub of the token that drafted the order.';
COMMENT ON COLUMN orders.digest IS 'SHA-256 of the terms as they were placed; approvals bind to it.';

CREATE TABLE order_line (
  order_id uuid NOT NULL REFERENCES orders,
  position integer NOT NULL CHECK (position >= 1),
  line_id uuid NOT NULL UNIQUE,
  sku text NOT NULL,
  qty bigint NOT NULL CHECK (qty BETWEEN 1 AND 9007199254740991),
  unit_price bigint NOT NULL CHECK (unit_price BETWEEN 0 AND 9007199254740991),
  unit_price_digits integer NOT NULL CHECK (unit_price_digits BETWEEN 0 AND 12),
  warehouse_id uuid,
  net bigint NOT NULL CHECK (net >= 0),
  tax bigint NOT NULL CHECK (tax >= 0),
  PRIMARY KEY (order_id, position)
);
COMMENT ON TABLE order_line IS 'Append-only.';
COMMENT ON COLUMN order_line.unit_price IS 'In units of 10^-unit_price_digits of the currency''s major unit.';
COMMENT ON COLUMN order_line.net IS 'qty times unit price, rounded half up to the minor unit, once.';
COMMENT ON COLUMN order_line.warehouse_id IS 'Where to take it from; NULL leaves it to Inventory.';

CREATE TABLE order_shortage (
  order_id uuid NOT NULL REFERENCES orders,
  position integer NOT NULL CHECK (position >= 1),
  sku text NOT NULL,
  wanted bigint NOT NULL CHECK (wanted >= 1),
  available bigint NOT NULL CHECK (available >= 0),
  PRIMARY KEY (order_id, position)
);
COMMENT ON TABLE order_shortage IS 'Append-only. Why an order was cancelled for INSUFFICIENT_STOCK, line by line.';

DO $$
BEGIN
  IF EXISTS (SELECT FROM pg_roles WHERE rolname = 'orders_app') THEN
    REVOKE ALL ON orders, order_line, order_shortage FROM orders_app;
    GRANT SELECT, INSERT ON orders, order_line, order_shortage TO orders_app;
    GRANT UPDATE (version, state, placed_at, digest, reservation_id, reservation_expires_at, cancellation_reason, cancelled_at)
      ON orders TO orders_app;
  END IF;
END
$$;
