-- Corrections of stock that somebody counted, and that somebody else has to approve.
CREATE TABLE adjustment (
  adjustment_id uuid PRIMARY KEY,
  sku text COLLATE "C" NOT NULL,
  warehouse_id uuid NOT NULL,
  expected_on_hand bigint NOT NULL CHECK (expected_on_hand BETWEEN 0 AND 9007199254740991),
  delta bigint NOT NULL CHECK (delta <> 0),
  reason text NOT NULL CHECK (reason <> ''),
  requester_id text NOT NULL CHECK (requester_id <> ''),
  requested_at timestamptz NOT NULL,
  digest text NOT NULL CHECK (digest ~ '^[0-9a-f]{64}$'),
  version bigint NOT NULL CHECK (version >= 1),
  state text NOT NULL CONSTRAINT adjustment_states CHECK (state IN ('PENDING_APPROVAL', 'POSTED', 'REJECTED')),
  rejection text,
  decided_at timestamptz,
  CONSTRAINT decided CHECK ((state = 'PENDING_APPROVAL') = (decided_at IS NULL)),
  CONSTRAINT rejected_why CHECK ((state = 'REJECTED') = (rejection IS NOT NULL)),
  FOREIGN KEY (sku, warehouse_id) REFERENCES stock_level
);
COMMENT ON TABLE adjustment IS 'What was requested never changes, because an approval names its digest.';

DO $$
BEGIN
  IF EXISTS (SELECT FROM pg_roles WHERE rolname = 'inventory_app') THEN
    REVOKE ALL ON adjustment FROM inventory_app;
    GRANT SELECT, INSERT ON adjustment TO inventory_app;
    GRANT UPDATE (version, state, rejection, decided_at) ON adjustment TO inventory_app;
  END IF;
END
$$;
