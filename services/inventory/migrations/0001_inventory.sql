-- Inventory: what is kept, where, how much of it, and what of that is held for orders. The ledger of movements and what
-- was answered to an order are append-only: the service's role may neither change nor delete them.

CREATE TABLE item (
  sku text COLLATE "C" PRIMARY KEY CHECK (sku ~ '^[A-Z0-9][A-Z0-9._-]{0,63}$'),
  name text NOT NULL CHECK (name <> ''),
  base_unit text NOT NULL CHECK (base_unit <> ''),
  version bigint NOT NULL CHECK (version >= 1)
);
COMMENT ON COLUMN item.base_unit IS 'The unit that every quantity of the item counts.';

CREATE TABLE warehouse (
  warehouse_id uuid PRIMARY KEY,
  code text COLLATE "C" NOT NULL UNIQUE CHECK (code ~ '^[A-Z0-9][A-Z0-9-]{0,19}$'),
  name text NOT NULL CHECK (name <> ''),
  version bigint NOT NULL CHECK (version >= 1)
);
COMMENT ON COLUMN warehouse.code IS 'Warehouses are tried in the order of their codes.';

CREATE TABLE stock_level (
  sku text COLLATE "C" NOT NULL REFERENCES item,
  warehouse_id uuid NOT NULL REFERENCES warehouse,
  on_hand bigint NOT NULL CHECK (on_hand <= 9007199254740991),
  reserved bigint NOT NULL,
  PRIMARY KEY (sku, warehouse_id),
  CONSTRAINT never_oversold CHECK (0 <= reserved AND reserved <= on_hand)
);
COMMENT ON TABLE stock_level IS 'The balance. Lock rows in ascending order of (sku, warehouse_id) before changing any.';
COMMENT ON COLUMN stock_level.on_hand IS 'The sum of the movements'' deltas.';
COMMENT ON COLUMN stock_level.reserved IS 'The sum of the lines of reservations that are HELD.';

CREATE TABLE movement (
  position bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  movement_id uuid NOT NULL UNIQUE,
  sku text COLLATE "C" NOT NULL,
  warehouse_id uuid NOT NULL,
  kind text NOT NULL CHECK (kind IN ('RECEIPT')),
  delta bigint NOT NULL CHECK (delta <> 0),
  on_hand_after bigint NOT NULL CHECK (on_hand_after >= 0),
  reserved_after bigint NOT NULL CHECK (reserved_after >= 0),
  recorded_at timestamptz NOT NULL,
  FOREIGN KEY (sku, warehouse_id) REFERENCES stock_level
);
CREATE INDEX ON movement (sku, warehouse_id, position);
COMMENT ON TABLE movement IS 'The ledger, append-only. position rises in the order of a balance''s changes.';

CREATE TABLE reservation (
  reservation_id uuid PRIMARY KEY,
  order_id uuid NOT NULL UNIQUE,
  version bigint NOT NULL CHECK (version >= 1),
  state text NOT NULL CHECK (state IN ('HELD', 'FAILED', 'RELEASED')),
  expires_at timestamptz,
  CONSTRAINT held_until CHECK ((state = 'FAILED') = (expires_at IS NULL))
);
COMMENT ON TABLE reservation IS 'What was answered to an order, one row an order.';

CREATE TABLE reservation_line (
  reservation_id uuid NOT NULL REFERENCES reservation,
  position integer NOT NULL CHECK (position >= 1),
  line_id uuid NOT NULL,
  sku text COLLATE "C" NOT NULL,
  warehouse_id uuid NOT NULL,
  qty bigint NOT NULL CHECK (qty BETWEEN 1 AND 9007199254740991),
  PRIMARY KEY (reservation_id, position),
  FOREIGN KEY (sku, warehouse_id) REFERENCES stock_level
);
COMMENT ON TABLE reservation_line IS 'Append-only.';

CREATE TABLE reservation_shortage (
  reservation_id uuid NOT NULL REFERENCES reservation,
  position integer NOT NULL CHECK (position >= 1),
  sku text COLLATE "C" NOT NULL,
  wanted bigint NOT NULL CHECK (wanted >= 1),
  available bigint NOT NULL CHECK (available >= 0),
  PRIMARY KEY (reservation_id, position)
);
COMMENT ON TABLE reservation_shortage IS 'Append-only. The SKU may be one that no item has.';

DO $$
BEGIN
  IF EXISTS (SELECT FROM pg_roles WHERE rolname = 'inventory_app') THEN
    REVOKE ALL ON item, warehouse, stock_level, movement, reservation, reservation_line, reservation_shortage
      FROM inventory_app;
    GRANT SELECT, INSERT ON item, warehouse, stock_level, movement, reservation, reservation_line, reservation_shortage
      TO inventory_app;
    GRANT UPDATE (on_hand, reserved) ON stock_level TO inventory_app;
    GRANT UPDATE (version, state) ON reservation TO inventory_app;
  END IF;
END
$$;
