CREATE TABLE refund (refund_id uuid PRIMARY KEY);
ALTER TABLE booking DROP COLUMN note, ADD COLUMN currency text NOT NULL DEFAULT 'EUR', ALTER COLUMN channel TYPE varchar(40);
ALTER TABLE show RENAME title TO name;
