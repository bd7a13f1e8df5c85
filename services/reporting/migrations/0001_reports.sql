-- The tables of the reports. Most are written by the events of one topic only, so that they have the same rows however
-- the topics are interleaved. Several topics write `timeline_entry`, `sales_day` and `aggregate_version`: no entry ever
-- changes, sums do not care about the sequence, and a kind belongs to one topic. A rebuild makes all of them anew.

-- topic atlas.orders.order.v1
CREATE TABLE order_summary (
  order_id uuid PRIMARY KEY,
  state text NOT NULL,
  state_since timestamptz NOT NULL,
  customer_id uuid NOT NULL,
  requester_id text NOT NULL,
  currency text NOT NULL,
  total_minor bigint NOT NULL,
  line_count integer NOT NULL,
  skus text[] NOT NULL,
  terms text,
  cancel_reason text,
  placed_at timestamptz NOT NULL,
  sequence bigint NOT NULL
);

-- topic atlas.inventory.reservation.v1
CREATE TABLE order_hold (
  order_id uuid PRIMARY KEY,
  reservation_id uuid,
  state text NOT NULL CHECK (state IN ('HELD', 'FAILED', 'EXPIRED', 'RELEASED', 'SHIPPED')),
  expires_at timestamptz,
  last_shipped_at timestamptz
);

-- topic atlas.inventory.reservation.v1; only lines that are still held
CREATE TABLE held_line (
  order_id uuid NOT NULL,
  line_id uuid NOT NULL,
  sku text NOT NULL,
  warehouse_id uuid NOT NULL,
  qty bigint NOT NULL CHECK (qty > 0),
  PRIMARY KEY (order_id, line_id)
);
CREATE INDEX held_line_by_level ON held_line (sku, warehouse_id) INCLUDE (qty);

-- topic atlas.billing.invoice.v1
CREATE TABLE order_invoice (
  order_id uuid PRIMARY KEY,
  invoice_id uuid NOT NULL,
  number text NOT NULL,
  currency text NOT NULL,
  net_minor bigint NOT NULL,
  tax_minor bigint NOT NULL,
  total_minor bigint NOT NULL,
  credited_minor bigint NOT NULL DEFAULT 0,
  terms text NOT NULL,
  due_date date NOT NULL,
  issued_at timestamptz NOT NULL,
  paid_at timestamptz,
  failed_at timestamptz,
  failure text,
  failure_final boolean
);
CREATE INDEX order_invoice_by_id ON order_invoice (invoice_id);

-- topic atlas.billing.payment.v1. UNAPPLIED: nothing of it pays an invoice. PENDING: it was not collected yet, but may
-- be.
CREATE TABLE payment (
  payment_id uuid PRIMARY KEY,
  order_id uuid,
  invoice_id uuid,
  currency text,
  amount_minor bigint NOT NULL DEFAULT 0,
  unapplied_minor bigint NOT NULL DEFAULT 0,
  state text NOT NULL CHECK (state IN ('PENDING', 'SUCCEEDED', 'FAILED', 'UNAPPLIED')),
  changed_at timestamptz NOT NULL
);
CREATE INDEX payment_by_invoice ON payment (invoice_id) INCLUDE (amount_minor) WHERE invoice_id IS NOT NULL;
CREATE INDEX payment_by_order ON payment (order_id) WHERE order_id IS NOT NULL;

-- topic atlas.billing.payment.v1
CREATE TABLE refund (
  refund_id uuid PRIMARY KEY,
  payment_id uuid NOT NULL,
  order_id uuid,
  currency text NOT NULL,
  amount_minor bigint NOT NULL,
  automatic boolean NOT NULL,
  requester_id text NOT NULL,
  state text NOT NULL CHECK (state IN ('REQUESTED', 'SUCCEEDED', 'FAILED')),
  requested_at timestamptz NOT NULL,
  changed_at timestamptz NOT NULL
);
CREATE INDEX refund_by_order ON refund (order_id) WHERE order_id IS NOT NULL;

-- topic atlas.workflow.approval.v1
CREATE TABLE approval (
  approval_id uuid PRIMARY KEY,
  subject_type text NOT NULL,
  subject_id uuid NOT NULL,
  subject_version bigint NOT NULL,
  state text NOT NULL CHECK (state IN ('PENDING', 'APPROVED', 'REJECTED', 'EXPIRED', 'CANCELLED')),
  requester_id text,
  amount_minor bigint,
  currency text,
  due_at timestamptz,
  requested_at timestamptz,
  escalated boolean NOT NULL DEFAULT false,
  ended_at timestamptz
);
CREATE INDEX approval_pending ON approval (requested_at, approval_id) WHERE state = 'PENDING';
CREATE INDEX approval_by_subject ON approval (subject_id);

-- topic atlas.workflow.approval.v1
CREATE TABLE approval_decision (
  approval_id uuid NOT NULL,
  event_id text NOT NULL,
  actor_id text NOT NULL,
  on_behalf_of text,
  decision text NOT NULL CHECK (decision IN ('APPROVE', 'REJECT')),
  decided_at timestamptz NOT NULL,
  PRIMARY KEY (approval_id, event_id)
);
CREATE INDEX approval_decision_by_time ON approval_decision (decided_at);

-- topic atlas.inventory.stock.v1
CREATE TABLE stock_level (
  sku text NOT NULL,
  warehouse_id uuid NOT NULL,
  on_hand bigint NOT NULL,
  reorder_point bigint,
  PRIMARY KEY (sku, warehouse_id)
);

-- topic atlas.inventory.item.v1
CREATE TABLE item (
  sku text PRIMARY KEY,
  name text NOT NULL,
  base_unit text NOT NULL
);

-- Every event that is about an order, a payment or a refund, once: with the order if it names one, else with the
-- payment or the refund. The timeline of an order joins its own entries with those of its payments and refunds. `data`
-- is the payload; numbers beyond 2^53 are texts there. `sequence` is 0 if the producer does not count.
CREATE TABLE timeline_entry (
  subject_id uuid NOT NULL,
  event_id text NOT NULL,
  topic text NOT NULL,
  type text NOT NULL,
  sequence bigint NOT NULL,
  occurred_at timestamptz NOT NULL,
  actor_id text,
  causation_id text,
  data jsonb NOT NULL,
  PRIMARY KEY (subject_id, event_id)
);

-- Several topics add up here. Days are days in UTC.
CREATE TABLE sales_day (
  day date NOT NULL,
  currency text NOT NULL,
  orders_placed bigint NOT NULL DEFAULT 0,
  placed_minor bigint NOT NULL DEFAULT 0,
  orders_cancelled bigint NOT NULL DEFAULT 0,
  cancelled_minor bigint NOT NULL DEFAULT 0,
  invoiced_minor bigint NOT NULL DEFAULT 0,
  credited_minor bigint NOT NULL DEFAULT 0,
  revenue_minor bigint NOT NULL DEFAULT 0,
  paid_minor bigint NOT NULL DEFAULT 0,
  refunded_minor bigint NOT NULL DEFAULT 0,
  PRIMARY KEY (day, currency)
);

-- The last sequence that has arrived of each topic and key, for readers that wait for their own writes. Kind and key
-- are as the header Atlas-Version has them: `order` for atlas.orders.order.v1, and the key percent-encoded.
CREATE TABLE aggregate_version (
  kind text NOT NULL,
  key text NOT NULL,
  sequence bigint NOT NULL,
  PRIMARY KEY (kind, key)
);

-- Which version of each projection made its tables.
CREATE TABLE projection (
  name text PRIMARY KEY,
  version integer NOT NULL,
  built_at timestamptz NOT NULL
);

-- By default privileges, the role of the service may write rows of all tables. But only a rebuild says which version of
-- a projection made them.
REVOKE INSERT, UPDATE, DELETE ON projection FROM reporting_app;
