-- At which free stock somebody should order more, beside the balance, so that a lock of the balance covers both.
ALTER TABLE stock_level
  ADD COLUMN reorder_point bigint CONSTRAINT reorder_point_range CHECK (reorder_point BETWEEN 0 AND 9007199254740991),
  ADD COLUMN reorder_version bigint NOT NULL DEFAULT 1 CONSTRAINT reorder_version_range CHECK (reorder_version >= 1);
COMMENT ON COLUMN stock_level.reorder_point IS 'NULL if nobody wants to know.';

DO $$
BEGIN
  IF EXISTS (SELECT FROM pg_roles WHERE rolname = 'inventory_app') THEN
    GRANT UPDATE (reorder_point, reorder_version) ON stock_level TO inventory_app;
    GRANT UPDATE (name, version) ON item TO inventory_app;
  END IF;
END
$$;
