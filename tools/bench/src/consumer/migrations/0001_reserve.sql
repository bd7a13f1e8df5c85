-- The tables of the handler, and the inbox of the consumer that is written by hand.

CREATE TABLE bench_stock (sku text COLLATE "C" PRIMARY KEY, reserved bigint NOT NULL);
INSERT INTO bench_stock SELECT 'WIDGET-' || n, 0 FROM generate_series(1, 1000) AS n;

CREATE TABLE bench_reservation (reservation_id uuid PRIMARY KEY, order_id uuid NOT NULL UNIQUE, state text NOT NULL);

CREATE TABLE bench_line (
  reservation_id uuid NOT NULL REFERENCES bench_reservation,
  position integer NOT NULL,
  sku text COLLATE "C" NOT NULL,
  qty bigint NOT NULL,
  PRIMARY KEY (reservation_id, position)
);

CREATE TABLE bench_inbox (event_id text PRIMARY KEY, applied_at timestamptz NOT NULL DEFAULT now());
