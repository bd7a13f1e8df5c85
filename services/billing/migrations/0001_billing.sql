-- Billing: invoices, what was paid and credited of them, what goes back, and the ledger. An invoice, a credit note and
-- a journal never change: the service's role may update only the sums that grow, and triggers protect the ledger also
-- from the role that owns it.

CREATE TABLE number_series (
  series text COLLATE "C" PRIMARY KEY,
  last bigint NOT NULL CHECK (last >= 1)
);
COMMENT ON TABLE number_series IS 'The last number of each series. Its row is locked until the transaction that took a number ends, so that numbers have no gaps.';

CREATE TABLE invoice (
  invoice_id uuid PRIMARY KEY,
  order_id uuid NOT NULL UNIQUE,
  customer_id uuid NOT NULL,
  number text COLLATE "C" NOT NULL UNIQUE,
  version bigint NOT NULL CHECK (version >= 1),
  currency text COLLATE "C" NOT NULL CHECK (currency ~ '^[A-Z]{3}$'),
  total bigint NOT NULL CHECK (total BETWEEN 0 AND 9007199254740991),
  credited bigint NOT NULL DEFAULT 0 CHECK (credited >= 0),
  applied bigint NOT NULL DEFAULT 0 CHECK (applied >= 0),
  terms text NOT NULL CHECK (terms IN ('PREPAID', 'NET_30')),
  due_date date NOT NULL,
  issued_at timestamptz NOT NULL,
  collection_failed boolean NOT NULL DEFAULT false,
  order_cancelled boolean NOT NULL DEFAULT false,
  CONSTRAINT never_overpaid CHECK (applied + credited <= total)
);
COMMENT ON COLUMN invoice.applied IS 'What payments pay of it. Open is total, less credited and applied.';

CREATE TABLE invoice_line (
  invoice_id uuid NOT NULL REFERENCES invoice,
  position integer NOT NULL CHECK (position >= 1),
  line_id uuid NOT NULL,
  sku text COLLATE "C" NOT NULL,
  qty bigint NOT NULL CHECK (qty >= 1),
  net bigint NOT NULL CHECK (net >= 0),
  tax bigint NOT NULL CHECK (tax >= 0),
  credited_net bigint NOT NULL DEFAULT 0,
  credited_tax bigint NOT NULL DEFAULT 0,
  credited_revenue bigint NOT NULL DEFAULT 0,
  recognised bigint NOT NULL DEFAULT 0,
  PRIMARY KEY (invoice_id, position),
  UNIQUE (invoice_id, line_id),
  CONSTRAINT credited_at_most CHECK (credited_net BETWEEN 0 AND net AND credited_tax BETWEEN 0 AND tax),
  CONSTRAINT revenue_at_least_zero CHECK (credited_revenue BETWEEN 0 AND least(recognised, credited_net)),
  CONSTRAINT deferred_at_least_zero CHECK (recognised + credited_net - credited_revenue <= net)
);
COMMENT ON COLUMN invoice_line.recognised IS 'What of net was shipped and is revenue.';
COMMENT ON COLUMN invoice_line.credited_revenue IS 'What of credited_net was taken back from revenue. The rest came from deferred revenue.';

CREATE TABLE credit_note (
  credit_note_id uuid PRIMARY KEY,
  invoice_id uuid NOT NULL REFERENCES invoice,
  number text COLLATE "C" NOT NULL UNIQUE,
  reason text NOT NULL CHECK (reason IN ('ORDER_CANCELLED', 'REMAINDER_CANCELLED', 'REQUESTED')),
  note text,
  requested_by text NOT NULL CHECK (requested_by <> ''),
  credited_at timestamptz NOT NULL
);
CREATE INDEX ON credit_note (invoice_id);

CREATE TABLE credit_note_line (
  credit_note_id uuid NOT NULL REFERENCES credit_note,
  position integer NOT NULL CHECK (position >= 1),
  line_id uuid NOT NULL,
  net bigint NOT NULL CHECK (net >= 0),
  tax bigint NOT NULL CHECK (tax >= 0),
  PRIMARY KEY (credit_note_id, position)
);

CREATE TABLE payment (
  payment_id uuid PRIMARY KEY,
  version bigint NOT NULL CHECK (version >= 1),
  provider text COLLATE "C" NOT NULL CHECK (provider <> ''),
  provider_ref text COLLATE "C" CHECK (provider_ref <> ''),
  invoice_id uuid REFERENCES invoice,
  order_id uuid,
  state text NOT NULL CHECK (state IN ('PENDING', 'PROCESSING', 'SUCCEEDED', 'FAILED', 'CANCELLED')),
  currency text COLLATE "C" NOT NULL CHECK (currency ~ '^[A-Z]{3}$'),
  amount bigint NOT NULL CHECK (amount BETWEEN 1 AND 9007199254740991),
  captured bigint NOT NULL CHECK (captured BETWEEN 0 AND 9007199254740991),
  applied bigint NOT NULL CHECK (applied >= 0),
  refunded bigint NOT NULL CHECK (refunded >= 0),
  created_at timestamptz NOT NULL,
  UNIQUE (provider, provider_ref),
  CONSTRAINT money_only_if_succeeded CHECK ((state = 'SUCCEEDED') = (captured > 0)),
  CONSTRAINT never_spent_twice CHECK (applied + refunded <= captured)
);
CREATE INDEX ON payment (invoice_id);
COMMENT ON COLUMN payment.refunded IS 'What went back or is to go back: the amounts of its refunds that were not rejected.';

CREATE TABLE refund (
  refund_id uuid PRIMARY KEY,
  version bigint NOT NULL CHECK (version >= 1),
  payment_id uuid NOT NULL REFERENCES payment,
  state text NOT NULL CHECK (state IN ('PENDING_APPROVAL', 'SUBMITTED', 'SUCCEEDED', 'FAILED', 'REJECTED')),
  currency text COLLATE "C" NOT NULL,
  amount bigint NOT NULL CHECK (amount >= 1),
  automatic boolean NOT NULL,
  requester_id text NOT NULL CHECK (requester_id <> ''),
  note text,
  digest text NOT NULL CHECK (digest ~ '^[0-9a-f]{64}$'),
  provider_ref text,
  failure text,
  refusals integer NOT NULL DEFAULT 0 CHECK (refusals >= 0),
  unclear boolean NOT NULL DEFAULT false,
  requested_at timestamptz NOT NULL
);
CREATE INDEX ON refund (payment_id);
CREATE INDEX ON refund (requested_at) WHERE state IN ('PENDING_APPROVAL', 'SUBMITTED', 'FAILED');

CREATE TABLE provider_event (
  provider text COLLATE "C" NOT NULL CHECK (provider <> ''),
  event_id text COLLATE "C" NOT NULL CHECK (event_id <> ''),
  received_at timestamptz NOT NULL,
  PRIMARY KEY (provider, event_id)
);
COMMENT ON TABLE provider_event IS 'What the provider has said, once each. What it said is the payload of a timer that works it off.';

CREATE TABLE reconciliation_run (
  run_id uuid PRIMARY KEY,
  version bigint NOT NULL CHECK (version >= 1),
  state text NOT NULL CHECK (state IN ('RUNNING', 'DONE')),
  first_day date NOT NULL,
  last_day date NOT NULL CHECK (last_day >= first_day),
  entries bigint NOT NULL DEFAULT 0,
  requested_by text NOT NULL CHECK (requested_by <> ''),
  requested_at timestamptz NOT NULL
);

CREATE TABLE reconciliation_finding (
  run_id uuid NOT NULL REFERENCES reconciliation_run,
  position integer NOT NULL CHECK (position >= 1),
  kind text NOT NULL,
  reference text NOT NULL,
  detail text NOT NULL,
  PRIMARY KEY (run_id, position)
);

CREATE TABLE manual_journal (
  journal_id uuid PRIMARY KEY,
  version bigint NOT NULL CHECK (version >= 1),
  state text NOT NULL CHECK (state IN ('REQUESTED', 'POSTED', 'REJECTED')),
  description text NOT NULL CHECK (description <> ''),
  effective_date date NOT NULL,
  currency text COLLATE "C" NOT NULL CHECK (currency ~ '^[A-Z]{3}$'),
  requester_id text NOT NULL CHECK (requester_id <> ''),
  digest text NOT NULL CHECK (digest ~ '^[0-9a-f]{64}$'),
  requested_at timestamptz NOT NULL
);
CREATE INDEX ON manual_journal (effective_date) WHERE state = 'REQUESTED';

CREATE TABLE manual_journal_line (
  journal_id uuid NOT NULL REFERENCES manual_journal,
  position integer NOT NULL CHECK (position >= 1),
  account text COLLATE "C" NOT NULL,
  side text NOT NULL CHECK (side IN ('DEBIT', 'CREDIT')),
  amount bigint NOT NULL CHECK (amount BETWEEN 1 AND 9007199254740991),
  PRIMARY KEY (journal_id, position)
);
COMMENT ON TABLE manual_journal IS 'What somebody wants posted. Once it is approved, the ledger has it under the same id.';

CREATE TABLE books (
  one boolean PRIMARY KEY DEFAULT true CHECK (one),
  closed_through text COLLATE "C" NOT NULL CHECK (closed_through ~ '^\d{4}-\d\d$')
);
COMMENT ON TABLE books IS 'One row. Who posts shares its lock, who closes a period has it alone.';
INSERT INTO books (closed_through) VALUES ('0000-12');

CREATE TABLE closed_period (
  period text COLLATE "C" PRIMARY KEY,
  closed_by text NOT NULL CHECK (closed_by <> ''),
  closed_at timestamptz NOT NULL
);

CREATE TABLE journal (
  position bigint GENERATED ALWAYS AS IDENTITY UNIQUE,
  journal_id uuid PRIMARY KEY,
  kind text NOT NULL CHECK (kind IN
    ('INVOICE', 'PAYMENT', 'LATE_PAYMENT', 'CREDIT_NOTE', 'REFUND', 'SHIPMENT', 'PAYOUT', 'MANUAL')),
  reference text NOT NULL CHECK (reference <> ''),
  effective_date date NOT NULL,
  period text COLLATE "C" NOT NULL CHECK (period ~ '^\d{4}-\d\d$'),
  currency text COLLATE "C" NOT NULL CHECK (currency ~ '^[A-Z]{3}$'),
  posted_at timestamptz NOT NULL,
  UNIQUE (kind, reference)
);
COMMENT ON TABLE journal IS 'The ledger, append-only. What it records is posted once.';

CREATE TABLE journal_line (
  journal_id uuid NOT NULL REFERENCES journal,
  position integer NOT NULL CHECK (position >= 1),
  account text COLLATE "C" NOT NULL CHECK (account IN
    ('BANK', 'PSP_CLEARING', 'AR', 'CUSTOMER_CREDIT', 'TAX', 'DEFERRED_REVENUE', 'REVENUE', 'FEES')),
  side text NOT NULL CHECK (side IN ('DEBIT', 'CREDIT')),
  amount bigint NOT NULL CHECK (amount BETWEEN 1 AND 9007199254740991),
  PRIMARY KEY (journal_id, position)
);

CREATE FUNCTION journal_is_balanced() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  lines bigint;
  difference numeric;
BEGIN
  SELECT count(*), coalesce(sum(CASE side WHEN 'DEBIT' THEN amount ELSE -amount END), 0)
    INTO lines, difference FROM journal_line WHERE journal_id = NEW.journal_id;
  IF lines < 2 OR difference <> 0 THEN
    RAISE EXCEPTION 'journal % has % lines and is out of balance by %', NEW.journal_id, lines, difference
      USING ERRCODE = 'check_violation', CONSTRAINT = 'journal_is_balanced';
  END IF;
  RETURN NULL;
END
$$;
CREATE CONSTRAINT TRIGGER journal_is_balanced AFTER INSERT ON journal
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION journal_is_balanced();

CREATE FUNCTION journal_line_is_new() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NOT EXISTS (SELECT FROM journal WHERE journal_id = NEW.journal_id AND xmin = pg_current_xact_id()::xid) THEN
    RAISE EXCEPTION 'journal % is posted: correct it by another journal', NEW.journal_id
      USING ERRCODE = 'check_violation', CONSTRAINT = 'journal_line_is_new';
  END IF;
  RETURN NEW;
END
$$;
CREATE TRIGGER journal_line_is_new BEFORE INSERT ON journal_line
  FOR EACH ROW EXECUTE FUNCTION journal_line_is_new();

CREATE FUNCTION ledger_is_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'the ledger is append-only: correct a journal by another one'
    USING ERRCODE = 'check_violation', CONSTRAINT = 'ledger_is_append_only';
END
$$;
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON journal
  FOR EACH STATEMENT EXECUTE FUNCTION ledger_is_append_only();
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON journal_line
  FOR EACH STATEMENT EXECUTE FUNCTION ledger_is_append_only();

DO $$
BEGIN
  IF EXISTS (SELECT FROM pg_roles WHERE rolname = 'billing_app') THEN
    REVOKE ALL ON provider_event, reconciliation_run, reconciliation_finding, number_series, invoice, invoice_line, credit_note, credit_note_line, payment, refund,
      manual_journal, manual_journal_line, books, closed_period, journal, journal_line FROM billing_app;
    GRANT SELECT ON books TO billing_app;
    GRANT SELECT, INSERT ON provider_event, reconciliation_run, reconciliation_finding, number_series, invoice, invoice_line, credit_note, credit_note_line, payment, refund,
      manual_journal, manual_journal_line, closed_period, journal, journal_line TO billing_app;
    GRANT UPDATE (last) ON number_series TO billing_app;
    GRANT UPDATE (version, credited, applied, collection_failed, order_cancelled) ON invoice TO billing_app;
    GRANT UPDATE (credited_net, credited_tax, credited_revenue, recognised) ON invoice_line TO billing_app;
    GRANT UPDATE (version, provider_ref, state, captured, applied, refunded) ON payment TO billing_app;
    GRANT UPDATE (version, state, provider_ref, failure, refusals, unclear) ON refund TO billing_app;
    GRANT UPDATE (version, state, entries) ON reconciliation_run TO billing_app;
    GRANT UPDATE (version, state) ON manual_journal TO billing_app;
    GRANT UPDATE (closed_through) ON books TO billing_app;
  END IF;
END
$$;
