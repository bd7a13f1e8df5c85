-- An order goes on to its last shipment: approved, invoiced, paid, released, shipped in parts, or cancelled on the way.
-- Checks that are NOT VALID spare a look at the rows that are there: they fulfil the old
-- checks, which allowed less.

ALTER TABLE orders
  ADD COLUMN payment_terms text NOT NULL DEFAULT 'PREPAID',
  ADD COLUMN state_since timestamptz,
  ADD COLUMN approval_id uuid,
  ADD COLUMN approval_auto boolean,
  ADD COLUMN approved_at timestamptz,
  ADD COLUMN invoice_id uuid,
  ADD COLUMN invoice_number text,
  ADD COLUMN invoice_due date,
  ADD COLUMN paid_at timestamptz,
  ADD COLUMN cancel_requested_by text,
  ADD COLUMN cancel_requested_at timestamptz;
COMMENT ON COLUMN orders.state_since IS 'When it got into its state. NULL in rows that the release before this column wrote last.';
COMMENT ON COLUMN orders.approval_id IS 'The approval of exactly this order.';
COMMENT ON COLUMN orders.invoice_due IS 'The last day to pay, as Billing says it.';
COMMENT ON COLUMN orders.cancel_requested_by IS 'The sub of the token that cancelled or discarded the order.';

ALTER TABLE orders
  ADD CONSTRAINT payment_terms_known CHECK (payment_terms IN ('PREPAID', 'NET_30')) NOT VALID,
  ADD CONSTRAINT invoice_number_shown CHECK (length(invoice_number) BETWEEN 1 AND 100) NOT VALID,
  ADD CONSTRAINT state_known CHECK (state IN ('DRAFT', 'PLACED', 'AWAITING_APPROVAL', 'AWAITING_PAYMENT', 'READY',
    'PARTIALLY_FULFILLED', 'CANCELLING', 'FULFILLED', 'CANCELLED')) NOT VALID,
  ADD CONSTRAINT cancelled_for_known_reason CHECK (cancellation_reason IN ('DISCARDED', 'REQUESTED', 'INSUFFICIENT_STOCK',
    'RESERVATION_EXPIRED', 'APPROVAL_REJECTED', 'APPROVAL_EXPIRED', 'PAYMENT_FAILED')) NOT VALID,
  ADD CONSTRAINT placed_unless_draft CHECK (
    (state = 'DRAFT' OR cancellation_reason IS NOT DISTINCT FROM 'DISCARDED') = (placed_at IS NULL)
    AND (placed_at IS NULL) = (digest IS NULL)
  ) NOT VALID,
  ADD CONSTRAINT reserved_beyond_placed CHECK (
    (state IN ('DRAFT', 'PLACED', 'CANCELLED')) = (reservation_id IS NULL)
    AND (reservation_id IS NULL) = (reservation_expires_at IS NULL)
  ) NOT VALID,
  ADD CONSTRAINT approved_before_payment CHECK (
    (state NOT IN ('AWAITING_PAYMENT', 'READY', 'PARTIALLY_FULFILLED', 'CANCELLING', 'FULFILLED') OR approval_id IS NOT NULL)
    AND (approval_id IS NULL) = (approval_auto IS NULL) AND (approval_id IS NULL) = (approved_at IS NULL)
  ) NOT VALID,
  ADD CONSTRAINT released_with_invoice CHECK (
    state NOT IN ('READY', 'PARTIALLY_FULFILLED', 'CANCELLING', 'FULFILLED')
    OR (invoice_id IS NOT NULL AND (paid_at IS NOT NULL OR payment_terms <> 'PREPAID'))
  ) NOT VALID,
  ADD CONSTRAINT requested_by_somebody CHECK (
    (cancel_requested_by IS NULL) = (cancel_requested_at IS NULL)
    AND (state <> 'CANCELLING' OR cancel_requested_by IS NOT NULL)
    AND (cancellation_reason IS NULL OR (cancellation_reason IN ('DISCARDED', 'REQUESTED')) = (cancel_requested_by IS NOT NULL))
  ) NOT VALID;
ALTER TABLE orders
  DROP CONSTRAINT orders_state_check,
  DROP CONSTRAINT cancellation_reason,
  DROP CONSTRAINT placed_beyond_draft,
  DROP CONSTRAINT reserved_to_be_approved;

CREATE TABLE order_shipment (
  order_id uuid NOT NULL REFERENCES orders,
  shipment_id uuid NOT NULL,
  warehouse_id uuid NOT NULL,
  shipped_at timestamptz NOT NULL,
  order_version bigint NOT NULL,
  PRIMARY KEY (order_id, shipment_id),
  UNIQUE (order_id, order_version)
);
COMMENT ON TABLE order_shipment IS 'Append-only. Goods that left a warehouse, as Inventory said.';
COMMENT ON COLUMN order_shipment.order_version IS 'The version of the order since it was recorded.';

CREATE TABLE order_shipment_line (
  order_id uuid NOT NULL,
  shipment_id uuid NOT NULL,
  position integer NOT NULL CHECK (position >= 1),
  line_id uuid NOT NULL REFERENCES order_line (line_id),
  qty bigint NOT NULL CHECK (qty >= 1),
  net bigint NOT NULL CHECK (net >= 0),
  PRIMARY KEY (order_id, shipment_id, line_id),
  FOREIGN KEY (order_id, shipment_id) REFERENCES order_shipment
);
CREATE INDEX order_shipment_line_line ON order_shipment_line (line_id);
COMMENT ON TABLE order_shipment_line IS 'Append-only.';
COMMENT ON COLUMN order_shipment_line.net IS 'The revenue of this part. The parts of a line add up to its net amount.';

-- A draft may change, so the service's role may change terms and replace lines. What was placed may not: whoever tries
-- is refused, whatever their rights are.
CREATE FUNCTION refuse_change_of_placed_terms() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'order % was placed, so its terms never change', OLD.order_id USING ERRCODE = 'restrict_violation';
END
$$;
CREATE TRIGGER terms_of_placed_orders
  BEFORE UPDATE OF customer_id, requester_id, currency, tax_rate_basis_points, payment_terms, net, tax, total ON orders
  FOR EACH ROW WHEN (OLD.state <> 'DRAFT' OR NEW.state <> 'DRAFT')
  EXECUTE FUNCTION refuse_change_of_placed_terms();

CREATE FUNCTION refuse_change_of_placed_lines() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  placed uuid;
BEGIN
  SELECT order_id INTO placed FROM changed JOIN orders USING (order_id) WHERE state <> 'DRAFT' LIMIT 1;
  IF FOUND THEN
    RAISE EXCEPTION 'order % was placed, so its lines never change', placed USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NULL;
END
$$;
CREATE TRIGGER lines_of_placed_orders_added AFTER INSERT ON order_line
  REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION refuse_change_of_placed_lines();
CREATE TRIGGER lines_of_placed_orders_deleted AFTER DELETE ON order_line
  REFERENCING OLD TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION refuse_change_of_placed_lines();
CREATE TRIGGER lines_of_placed_orders_changed AFTER UPDATE ON order_line
  REFERENCING OLD TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION refuse_change_of_placed_lines();

DO $$
BEGIN
  IF EXISTS (SELECT FROM pg_roles WHERE rolname = 'orders_app') THEN
    REVOKE ALL ON order_shipment, order_shipment_line FROM orders_app;
    GRANT SELECT, INSERT ON order_shipment, order_shipment_line TO orders_app;
    GRANT DELETE ON order_line TO orders_app;
    GRANT UPDATE (customer_id, requester_id, currency, tax_rate_basis_points, payment_terms, net, tax, total,
      state_since, approval_id, approval_auto, approved_at, invoice_id, invoice_number, invoice_due, paid_at,
      cancel_requested_by, cancel_requested_at) ON orders TO orders_app;
  END IF;
END
$$;
