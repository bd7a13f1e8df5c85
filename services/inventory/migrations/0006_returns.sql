-- A shipment arrives, or comes back. Goods that came back are a movement into the warehouse that took them.
ALTER TABLE shipment ADD CONSTRAINT shipment_state CHECK (state IN ('DISPATCHED', 'DELIVERED', 'RETURNED')) NOT VALID;
ALTER TABLE shipment DROP CONSTRAINT shipment_states;
ALTER TABLE shipment
  ADD COLUMN delivered_at timestamptz,
  ADD CONSTRAINT delivered CHECK (state = 'RETURNED' OR (state = 'DELIVERED') = (delivered_at IS NOT NULL));
ALTER TABLE shipment_line
  ADD COLUMN returned bigint NOT NULL DEFAULT 0 CONSTRAINT returned_of_qty CHECK (returned BETWEEN 0 AND qty);
COMMENT ON COLUMN shipment_line.returned IS 'What of qty came back.';

CREATE TABLE goods_return (
  return_id uuid PRIMARY KEY,
  shipment_id uuid NOT NULL REFERENCES shipment,
  order_id uuid NOT NULL REFERENCES reservation (order_id),
  warehouse_id uuid NOT NULL REFERENCES warehouse,
  credit boolean NOT NULL,
  reason text NOT NULL CHECK (reason <> ''),
  recorded_by text NOT NULL CHECK (recorded_by <> ''),
  recorded_at timestamptz NOT NULL
);
CREATE INDEX ON goods_return (shipment_id);
COMMENT ON TABLE goods_return IS 'Append-only.';
COMMENT ON COLUMN goods_return.credit IS 'Whether the customer gets the money back.';

CREATE TABLE goods_return_line (
  return_id uuid NOT NULL REFERENCES goods_return,
  position integer NOT NULL CHECK (position >= 1),
  line_id uuid NOT NULL,
  sku text COLLATE "C" NOT NULL,
  qty bigint NOT NULL CHECK (qty BETWEEN 1 AND 9007199254740991),
  PRIMARY KEY (return_id, position),
  UNIQUE (return_id, line_id)
);
COMMENT ON TABLE goods_return_line IS 'Append-only.';

-- An order that names a line twice is refused, because shipments and returns name lines by their ids.
CREATE UNIQUE INDEX reservation_line_ids ON reservation_line (reservation_id, line_id);

DO $$
BEGIN
  IF EXISTS (SELECT FROM pg_roles WHERE rolname = 'inventory_app') THEN
    REVOKE ALL ON goods_return, goods_return_line FROM inventory_app;
    GRANT SELECT, INSERT ON goods_return, goods_return_line TO inventory_app;
    GRANT UPDATE (version, state, delivered_at) ON shipment TO inventory_app;
    GRANT UPDATE (returned) ON shipment_line TO inventory_app;
  END IF;
END
$$;
