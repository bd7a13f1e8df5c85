-- A released order's stock is COMMITTED, and leaves in shipments until the reservation is CLOSED. NOT VALID spares a
-- look at the rows that are there: they fulfil the old checks, which allowed less.
ALTER TABLE reservation ADD CONSTRAINT reservation_states
  CHECK (state IN ('HELD', 'COMMITTED', 'CLOSED', 'RELEASED', 'EXPIRED', 'FAILED')) NOT VALID;
ALTER TABLE reservation DROP CONSTRAINT reservation_state;
ALTER TABLE reservation ADD CONSTRAINT ends_at
  CHECK (expires_at IS NOT NULL OR state NOT IN ('HELD', 'EXPIRED')) NOT VALID;
ALTER TABLE reservation DROP CONSTRAINT held_until;
COMMENT ON COLUMN reservation.expires_at IS 'When the hold ends. Later states keep it, and nobody reads it there.';

ALTER TABLE reservation_line
  ADD COLUMN shipped bigint NOT NULL DEFAULT 0 CONSTRAINT shipped_of_qty CHECK (shipped BETWEEN 0 AND qty),
  ADD COLUMN any_warehouse boolean NOT NULL DEFAULT false;
COMMENT ON TABLE reservation_line IS 'What an order has in which warehouse.';
COMMENT ON COLUMN reservation_line.shipped IS 'What of qty has left. The rest counts as reserved in HELD and COMMITTED.';
COMMENT ON COLUMN reservation_line.any_warehouse IS
  'Whether the order left the choice to Inventory. Unknown of older rows, which stay with their warehouse.';
COMMENT ON COLUMN stock_level.reserved IS 'The sum of qty - shipped of the lines of reservations that are HELD or COMMITTED.';

ALTER TABLE movement ADD CONSTRAINT movement_kinds
  CHECK (kind IN ('RECEIPT', 'SHIPMENT', 'RETURN', 'ADJUSTMENT')) NOT VALID;
ALTER TABLE movement DROP CONSTRAINT movement_kind_check;
ALTER TABLE movement
  ADD COLUMN source_id uuid,
  ADD CONSTRAINT movement_source CHECK ((kind = 'RECEIPT') = (source_id IS NULL)) NOT VALID;
COMMENT ON COLUMN movement.source_id IS 'The shipment, return or adjustment that it belongs to.';

CREATE TABLE shipment (
  shipment_id uuid PRIMARY KEY,
  order_id uuid NOT NULL REFERENCES reservation (order_id),
  warehouse_id uuid NOT NULL REFERENCES warehouse,
  state text NOT NULL CONSTRAINT shipment_states CHECK (state IN ('DISPATCHED')),
  version bigint NOT NULL CHECK (version >= 1),
  dispatched_at timestamptz NOT NULL
);
CREATE INDEX ON shipment (order_id);
COMMENT ON TABLE shipment IS 'Goods of one order that left one warehouse together.';

CREATE TABLE shipment_line (
  shipment_id uuid NOT NULL REFERENCES shipment,
  position integer NOT NULL CHECK (position >= 1),
  line_id uuid NOT NULL,
  sku text COLLATE "C" NOT NULL,
  qty bigint NOT NULL CHECK (qty BETWEEN 1 AND 9007199254740991),
  PRIMARY KEY (shipment_id, position),
  UNIQUE (shipment_id, line_id)
);

DO $$
BEGIN
  IF EXISTS (SELECT FROM pg_roles WHERE rolname = 'inventory_app') THEN
    REVOKE ALL ON shipment, shipment_line FROM inventory_app;
    GRANT SELECT, INSERT ON shipment, shipment_line TO inventory_app;
    GRANT UPDATE (warehouse_id, shipped) ON reservation_line TO inventory_app;
  END IF;
END
$$;
