ALTER TABLE booking ADD COLUMN currency text NOT NULL DEFAULT 'EUR';
CREATE TABLE refund (refund_id uuid PRIMARY KEY);
CREATE INDEX ON refund (refund_id);
